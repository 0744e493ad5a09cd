// Which of the engine's facts Docker tells those who watch (`docker events`), and in which words. Docker calls these
// messages events; here that word belongs to what changes tables, so they are called notices.

import type { TextTable } from '../container/spec.js';
import type { EngineEvent } from '../events.js';
import { GATEWAY_BRIDGE, isPredefined } from '../network/lookup.js';
import type { ContainerRow, EngineTables, NetworkRow, NoticeRow } from '../tables.js';

/** A notice without its moment. */
export type Notice = Omit<NoticeRow, 'at'>;

/** How many notices an engine remembers, as Docker does. */
export const NOTICES_KEPT = 256;

/** What `event` is to those who watch; undefined for what Docker keeps to itself. `tables` are as before the event. */
export function noticeOf(tables: EngineTables, event: EngineEvent): Notice | undefined {
  switch (event.type) {
    case 'NoticePosted':
      return { kind: event.kind, action: event.action, actor: event.actor, scope: event.scope,
        attributes: event.attributes as TextTable };
    case 'NetworkCreated':
      return isPredefined(event.name) || isOwnGatewayBridge(event) ? undefined : networkNotice(event, 'create', {});
    case 'NetworkRemoved': return aboutNetwork(tables, event.id, 'destroy', {});
    // The endpoint that a container gets to get out, without names, is nobody's business.
    case 'EndpointJoined': return event.names.length === 0 ? undefined
      : aboutNetwork(tables, event.network, 'connect', { container: event.container });
    case 'EndpointLeft': return tables.endpoints.get(event.id)?.names.length === 0 ? undefined
      : aboutNetwork(tables, event.network, 'disconnect', { container: event.container });
    case 'ContainerCreated': {
      const { image, labels } = event.spec as unknown as ContainerRow['spec'];
      return { kind: 'container', action: 'create', actor: event.id, scope: 'local',
        attributes: { ...labels, image, name: event.name } };
    }
    case 'VolumeCreated':
      return { kind: 'volume', action: 'create', actor: event.name, scope: 'local',
        attributes: { driver: event.driver } };
    case 'VolumeRemoved': {
      const volume = tables.volumes.get(event.name);
      return volume && { kind: 'volume', action: 'destroy', actor: event.name, scope: 'local',
        attributes: { driver: volume.driver } };
    }
    case 'ImageTagged': {
      const image = event.id === '' ? [...tables.images.values()].find(({ tags }) =>
        tags.includes(event.name)) : undefined;
      return image && imageNotice(image.id, 'untag', image.id);
    }
    case 'ImageRemoved': return imageNotice(event.id, 'delete', event.id);
    case 'ContainerRenamed': {
      const row = tables.containers.get(event.id);
      return row && containerNotice({ ...row, name: event.name }, 'rename', { oldName: `/${row.name}` });
    }
    case 'ContainerDied': {
      const row = tables.containers.get(event.id);
      // A start that failed was never a life.
      return row === undefined || row.pid === 0 ? undefined
        : containerNotice(row, 'die', { exitCode: String(event.exitCode) });
    }
    case 'ContainerStarted': return aboutContainer(tables, event.id, 'start', {});
    case 'ContainerRemoved': return aboutContainer(tables, event.id, 'destroy', {});
    case 'ContainerPaused': return aboutContainer(tables, event.id, 'pause', {});
    case 'ContainerUnpaused': return aboutContainer(tables, event.id, 'unpause', {});
    case 'HealthChecked': {
      const before = tables.containers.get(event.container)?.health?.status;
      return before === undefined || before === event.status ? undefined
        : aboutContainer(tables, event.container, `health_status: ${event.status}`, {});
    }
    case 'ExecCreated': {
      const { cmd } = event.spec as unknown as { readonly cmd: readonly string[] };
      return aboutContainer(tables, event.container, execAction('exec_create', cmd), { execID: event.id });
    }
    case 'ExecStarted': {
      const cmd = tables.execs.get(event.id)?.spec.cmd ?? [];
      return aboutContainer(tables, event.container, execAction('exec_start', cmd), { execID: event.id });
    }
    case 'ExecEnded':
      return tables.execs.get(event.id)?.status !== 'running' ? undefined : aboutContainer(tables, event.container,
        'exec_die', { execID: event.id, exitCode: String(event.exitCode) });
    default: return undefined;
  }
}

/** docker_gwbridge as the engine makes it for itself: whoever types it sends options, if empty ones. */
function isOwnGatewayBridge({ name, ipam }: Extract<EngineEvent, { type: 'NetworkCreated' }>): boolean {
  return name === GATEWAY_BRIDGE && (ipam as unknown as NetworkRow['ipam']).options === null;
}

/** `exec_create: ping -c 1 web`; one word is followed by a blank. */
function execAction(action: string, [program = '', ...rest]: readonly string[]): string {
  return `${action}: ${program} ${rest.join(' ')}`;
}

function aboutContainer(tables: EngineTables, id: string, action: string, more: TextTable): Notice | undefined {
  const row = tables.containers.get(id);
  return row && containerNotice(row, action, more);
}

function aboutNetwork(tables: EngineTables, id: string, action: string, more: TextTable): Notice | undefined {
  const row = tables.networks.get(id);
  return row && networkNotice(row, action, more);
}

/** A notice about an image; `name` is what it was called in the request, or its id. */
export function imageNotice(id: string, action: string, name: string): Notice {
  return { kind: 'image', action, actor: id, scope: 'local', attributes: { name } };
}

/** A notice about a container: its labels, image and name go with it. */
export function containerNotice(row: Pick<ContainerRow, 'id' | 'name' | 'spec'>, action: string,
  more: TextTable = {}): Notice {
  return { kind: 'container', action, actor: row.id, scope: 'local',
    attributes: { ...more, ...row.spec.labels, image: row.spec.image, name: row.name } };
}

/** A notice about a network of this host. */
export function networkNotice(network: Pick<NetworkRow, 'id' | 'name' | 'driver'>, action: string,
  more: TextTable): Notice {
  return { kind: 'network', action, actor: network.id, scope: 'local',
    attributes: { ...more, name: network.name, type: network.driver } };
}
