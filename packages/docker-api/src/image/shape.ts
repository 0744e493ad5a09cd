// Images as list, inspect and pull show them.

import { fullReference, type Image } from '@netreel/engine';
import type { JsonObject } from '../json.js';
import { EPOCH_SECONDS, rfc3339 } from '../time.js';

/** The stand-in images are all alike in size: nothing is stored. */
const SIZE_BYTES = 0;

/** One row of GET /images/json. */
export function imageRow(image: Image): JsonObject {
  return { Containers: -1, Created: EPOCH_SECONDS, Id: image.id, Labels: null, ParentId: '', RepoDigests: null,
    RepoTags: image.tags,
    SharedSize: -1, Size: SIZE_BYTES, VirtualSize: SIZE_BYTES };
}

/** GET /images/{name}/json. */
export function imageShape(image: Image): JsonObject {
  const exposed = image.exposedPorts.length === 0 ? {}
    : { ExposedPorts: Object.fromEntries(image.exposedPorts.map((port) => [port, {}])) };
  return {
    Id: image.id, RepoTags: image.tags, RepoDigests: [], Parent: '', Comment: '', Created: rfc3339(0), Container: '',
    DockerVersion: '20.10.24', Author: '', Architecture: 'amd64', Os: 'linux', Size: SIZE_BYTES,
      VirtualSize: SIZE_BYTES,
    GraphDriver: { Data: null, Name: 'overlay2' }, RootFS: { Type: 'layers' },
      Metadata: { LastTagTime: rfc3339(undefined) },
    Config: { Hostname: '', Domainname: '', User: '', AttachStdin: false, AttachStdout: false, AttachStderr: false,
      ...exposed,
      Tty: false, OpenStdin: false, StdinOnce: false, Env: image.env, Cmd: image.cmd, Image: '', Volumes: null,
      WorkingDir: image.workingDir, Entrypoint: image.entrypoint, OnBuild: null, Labels: null,
      ...(image.stopSignal === '' ? {} : { StopSignal: image.stopSignal }) },
  };
}

/** The lines of a pull that finds everything there already; each is a JSON document, as the engine streams them. */
export function pullLines(reference: string): string {
  const full = fullReference(reference);
  const colon = full.lastIndexOf(':');
  const repository = full.slice(0, colon).includes('/') ? full.slice(0, colon) : `library/${full.slice(0, colon)}`;
  const lines = [{ status: `Pulling from ${repository}`, id: full.slice(colon + 1) },
    { status: `Status: Image is up to date for ${full}` }];
  return lines.map((line) => `${JSON.stringify(line)}\r\n`).join('');
}

/** What the engine says of an image that no registry has. */
export function pullDenied(reference: string): string {
  const full = fullReference(reference);
  return `pull access denied for ${full.slice(0, full.lastIndexOf(':'))}, repository does not exist or may require ` +
    '\'docker login\': denied: requested access to the resource is denied';
}
