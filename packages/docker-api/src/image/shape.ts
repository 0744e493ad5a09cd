// Images as inspect shows them.

import type { Json } from '@netreel/sim';
import { PLAIN_CONFIG, imageSize, type EngineTables, type ImageConfig, type ImageRow } from '@netreel/engine';
import type { JsonObject } from '../json.js';
import { rfc3339 } from '../time.js';

/** GET /images/{name}/json. */
export function imageShape(tables: EngineTables, image: ImageRow): JsonObject {
  const size = imageSize(tables, image);
  return {
    Id: image.id, RepoTags: image.tags, RepoDigests: image.digests, Parent: image.parent, Comment: image.comment,
    Created: image.created, Container: image.container,
    ContainerConfig: configShape(image.containerConfig ?? PLAIN_CONFIG),
    DockerVersion: image.container === '' ? '' : '20.10.24', Author: image.author, Config: configShape(image.config),
    Architecture: 'amd64', Os: 'linux', Size: size, VirtualSize: size, GraphDriver: { Data: null, Name: 'overlay2' },
    RootFS: { Type: 'layers', ...(image.layers.length === 0 ? {} : { Layers: image.layers }) },
    Metadata: { LastTagTime: rfc3339(image.taggedAt < 0 ? undefined : image.taggedAt) },
  };
}

/** Members that images do not keep come with what they are in every image. */
export function configShape(config: ImageConfig): Json {
  const { Hostname, User, ExposedPorts, Env, Cmd, Healthcheck, ArgsEscaped, Image, Volumes, WorkingDir, Entrypoint,
    OnBuild, Labels, StopSignal, Shell } = config;
  return { Hostname, Domainname: '', User, AttachStdin: false, AttachStdout: false, AttachStderr: false,
    ...(ExposedPorts === undefined ? {} : { ExposedPorts }), Tty: false, OpenStdin: false, StdinOnce: false, Env, Cmd,
    ...(Healthcheck === undefined ? {} : { Healthcheck }), ...(ArgsEscaped === undefined ? {} : { ArgsEscaped }),
    Image, Volumes, WorkingDir, Entrypoint, OnBuild, Labels, ...(StopSignal === undefined ? {} : { StopSignal }),
    ...(Shell === undefined ? {} : { Shell }) };
}
