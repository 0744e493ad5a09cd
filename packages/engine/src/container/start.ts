// docker start: the sandbox, its networks, its files, then the process. A start that fails leaves nothing but the
// reason.

import type { Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import { beginChecks } from '../health/monitor.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { isRunning, type ContainerRow } from '../tables.js';
import { leaveAll } from '../network/connectivity.js';
import { joinNetwork } from '../network/join.js';
import { networkNotice } from '../notice/derive.js';
import { postNotice } from '../notice/post.js';
import { tellMounted, tellUnmounted } from '../notice/volumes.js';
import { commandLine, missingProgram } from './environment.js';
import { rewriteLinks, writeFirstFiles } from './files.js';
import { linkLines, missingLink, parseLink } from './link.js';
import { findContainer, shortId } from './lookup.js';
import { isContainerMode, isHostMode, sharedTarget } from './mode.js';
import { placeMounts } from '../mount/place.js';
import { removeContainerNow } from './remove.js';

/** Whether something was done: an engine answers 304 to a start of what runs and a stop of what does not. */
export interface Changed {
  readonly changed: boolean;
}

/** Starts a container that does not run. */
export function* startContainer(core: EngineCore, reference: string): Operation<Changed | Refusal> {
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  core.restartWaits.delete(row.id);
  return yield* core.locked(row.id, () => startLocked(core, row));
}

/** Starts `row`, whose lock is held. */
export function* startLocked(core: EngineCore, row: ContainerRow): Operation<Changed | Refusal> {
  if (core.tables.containers.get(row.id) !== row) return refuse('NotFound', `No such container: ${row.id}`);
  if (row.status === 'paused') return refuse('Conflict', 'cannot start a paused container, try unpause instead');
  if (isRunning(row)) return { changed: false };
  cancelRestart(core, row);
  core.stoppedByHand.delete(row.id);
  const brought = yield* broughtUpWhole(core, row);
  if (brought === undefined) tellMounted(core, row);
  const refusal = brought ?? checkProgram(core, row);
  if (refusal === undefined) {
    core.emit({ type: 'ContainerStarted', id: row.id, pid: core.tables.lastPid + 1, startedAt: core.port.now() });
    refreshLinksTo(core, row);
    beginChecks(core, row);
    return { changed: true };
  }
  takeDown(core, row);
  const exitCode = refusal.message.startsWith(RUNTIME) ? 127 : 128;
  core.emit({ type: 'ContainerDied', id: row.id, exitCode, error: refusal.message, diedAt: core.port.now(),
    restarting: false });
  core.ended('exit', row.id, { exitCode, error: '' });
  if (row.spec.host.autoRemove) removeContainerNow(core, row);
  return refusal;
}

/** The restart that was due is not any more. */
export function cancelRestart(core: EngineCore, row: ContainerRow): void {
  const ticket = core.restartDelays.get(row.id);
  if (ticket === undefined) return;
  core.port.cancel(ticket);
  core.restartDelays.delete(row.id);
}

/** Brings the sandbox up; takes it down again when the start is abandoned on the way. */
function* broughtUpWhole(core: EngineCore, row: ContainerRow): Operation<Refusal | undefined> {
  let through = false;
  try {
    const refusal = yield* bringUp(core, row);
    through = true;
    return refusal;
  } finally {
    if (!through) takeDown(core, row);
  }
}

const RUNTIME = 'failed to create shim task: OCI runtime create failed: ';

function checkProgram(core: EngineCore, row: ContainerRow): Refusal | undefined {
  const missing = missingProgram(core, row, undefined, commandLine(row.spec)[0]!);
  return missing === undefined ? undefined
    : refuse('InvalidParameter', `${RUNTIME}runc create failed: unable to start container process: ${missing}`);
}

function* bringUp(core: EngineCore, row: ContainerRow): Operation<Refusal | undefined> {
  if (isContainerMode(row.spec)) return joinContainer(core, row);
  const link = missingLink(core.tables, row);
  if (link !== undefined) return link;
  const shared = isHostMode(row.spec);
  core.emit({ type: 'SandboxCreated', container: row.id, netns: shared ? 'host' : freeNetns(core, row), shared });
  // The default bridge comes first, as it alone knows links; then the others as they were connected.
  const names = [...row.attachments.keys()];
  for (const name of [...names.filter((one) => one === 'bridge'), ...names.filter((one) => one !== 'bridge')]) {
    const config = row.attachments.get(name)!;
    const network = yield* joinNetwork(core, row, config.networkId === '' ? name : config.networkId, config, () =>
      true);
    if (isRefusal(network)) return network;
    if (network.name !== name) core.emit({ type: 'EndpointForgotten', container: row.id, network: name });
  }
  placeMounts(core, row);
  writeFirstFiles(core, row, undefined);
  return undefined;
}

/** Container mode: the namespace and the files of another one. */
function joinContainer(core: EngineCore, row: ContainerRow): Refusal | undefined {
  const target = findContainer(core.tables, sharedTarget(row.spec));
  if (isRefusal(target)) return target;
  if (target.id === row.id) return refuse('System', 'cannot join own network');
  if (!isRunning(target)) return refuse('Conflict', `cannot join network of a non running container: ${target.id}`);
  if (sharedTarget(row.spec) !== target.id) {
    // From now on that very container is meant, whatever it will be called.
    core.emit({ type: 'ContainerUpdated', id: row.id,
      spec: { ...row.spec, host: { ...row.spec.host, networkMode: `container:${target.id}` } } });
  }
  core.emit({ type: 'SandboxCreated', container: row.id, netns: target.netns, shared: true });
  placeMounts(core, row);
  writeFirstFiles(core, row, target);
  return undefined;
}

/** The name of a new namespace. The plain one may still stand, held by a container that shared it. */
function freeNetns(core: EngineCore, row: ContainerRow): string {
  const plain = `c-${shortId(row.id)}`;
  let name = plain;
  for (let generation = 2; core.tables.netnsHolders.has(name); generation++) name = `${plain}-${generation}`;
  return name;
}

/** Ends a container's networks and its sandbox; the namespace itself stays while another running container is in it. */
export function takeDown(core: EngineCore, row: ContainerRow): void {
  leaveAll(core, row);
  const { netns } = row;
  if (netns === '') return;
  tellBareNetworksLeft(core, row);
  tellUnmounted(core, row);
  const shared = netns === 'host' || (core.tables.netnsHolders.get(netns) ?? 0) > 1;
  core.emit({ type: 'SandboxRemoved', container: row.id, netns, shared });
}

/** The host's network and none have no endpoint whose end would tell. */
function tellBareNetworksLeft(core: EngineCore, row: ContainerRow): void {
  for (const { networkId } of row.attachments.values()) {
    const network = core.tables.networks.get(networkId);
    if (network?.driver !== 'host' && network?.driver !== 'null') continue;
    postNotice(core, networkNotice(network, 'disconnect', { container: row.id }));
  }
}

/** Containers linked to one that came back find it at its new address. */
function refreshLinksTo(core: EngineCore, target: ContainerRow): void {
  for (const id of [...core.tables.linkingContainers]) {
    const row = core.tables.containers.get(id);
    if (row === undefined || row === target || !isRunning(row) || isContainerMode(row.spec)) continue;
    const link = row.spec.host.links.map(parseLink).find((one) => one.target === target.name ||
      target.id.startsWith(one.target));
    if (link === undefined) continue;
    const names = `\t${link.alias} ${shortId(target.id)} ${target.name}`;
    const before = (row.files.get('/etc/hosts') ?? '').split('\n').filter((line) => line.endsWith(names));
    if (before.join() === linkLines(core.tables, row).filter((line) => line.endsWith(names)).join()) continue;
    rewriteLinks(core, row, (row.files.get('/etc/hosts') ?? '').split('\n').filter((line) =>
      /\t\S+ [0-9a-f]{12} \S+$/.test(line)));
  }
}
