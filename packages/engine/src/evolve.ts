// Applies one event to the tables: total, and the only writer. An event about something that is not there changes
// nothing.

import { unreachable, type SimTime } from '@netreel/sim';
import { evolveFiles, forgetTrees, type FilesEvent } from './evolve-files.js';
import type { EngineEvent } from './events.js';
import type { ContainerSpec, EndpointConfig, TextTable } from './container/spec.js';
import type { ExecSpec } from './exec/spec.js';
import { evolveHealth, startHealth, stopHealth } from './health/evolve.js';
import { freeRunsOf, giveBackTo, takeFrom } from './ipam/free.js';
import type { NetworkIpam } from './network/spec.js';
import { NOTICES_KEPT, noticeOf } from './notice/derive.js';
import { evolvePublished } from './publish/evolve.js';
import { ownEndpointName, type ContainerRow, type EngineTables, type NoticeRow,
  type OutputRow } from './tables.js';

type NetworkEvent = Extract<EngineEvent,
  { type: 'NetworkCreated' | 'NetworkRemoved' | 'AddressAssigned' | 'AddressReleased' }>;
type ExecEvent = Extract<EngineEvent,
  { type: 'ExecCreated' | 'ExecStarted' | 'ExecEnded' | 'ExecForgotten' | 'OutputWritten' }>;
export type PublishEvent = Extract<EngineEvent,
  { type: 'HostPortTaken' | 'HostPortReleased' | 'PortsPublished' | 'PortsWithdrawn' }>;
type AttachmentEvent = Extract<EngineEvent,
  { type: 'EndpointConfigured' | 'EndpointForgotten' | 'EndpointJoined' | 'EndpointLeft' |
  'GatewayChosen' | 'EndpointRenamed' | 'FileWritten' }>;
type ContainerEvent = Exclude<EngineEvent,
  NetworkEvent | ExecEvent | AttachmentEvent | PublishEvent | FilesEvent |
  { type: 'NoticePosted' | 'HealthChecked' }>;

const NOTHING: readonly never[] = [];

/** Applies `event`, which happened at `at`. */
export function evolveEngine(tables: EngineTables, event: EngineEvent, at: SimTime): void {
  const notice = noticeOf(tables, event);
  if (notice !== undefined) remember(tables, { at, ...notice });
  switch (event.type) {
    case 'NoticePosted': return;
    case 'FileStored': case 'FileGrown': case 'FileRemoved': case 'VolumeCreated': case 'VolumeRemoved':
    case 'ImageStored': case 'ImageTagged': case 'ImageRemoved': case 'LayerStored':
      return evolveFiles(tables, event, at);
    case 'HealthChecked': return evolveHealth(tables, event, at);
    case 'NetworkCreated': case 'NetworkRemoved': case 'AddressAssigned': case 'AddressReleased':
      return evolveNetwork(tables, event);
    case 'EndpointConfigured': case 'EndpointForgotten': case 'EndpointJoined': case 'EndpointLeft':
    case 'GatewayChosen': case 'EndpointRenamed': case 'FileWritten':
      return evolveAttachment(tables, event);
    case 'HostPortTaken': case 'HostPortReleased': case 'PortsPublished': case 'PortsWithdrawn':
      return evolvePublished(tables, event);
    case 'ExecCreated': case 'ExecStarted': case 'ExecEnded': case 'ExecForgotten': case 'OutputWritten':
      return evolveExec(tables, event, at);
    default:
      return evolveContainer(tables, event);
  }
}

function remember(tables: EngineTables, notice: NoticeRow): void {
  tables.notices.push(notice);
  tables.noticeCount++;
  if (tables.notices.length > NOTICES_KEPT) tables.notices.shift();
}

function evolveNetwork(tables: EngineTables, event: NetworkEvent): void {
  switch (event.type) {
    case 'NetworkCreated': {
      const { type: _, ipam, options, labels, ...rest } = event;
      const kept = ipam as unknown as NetworkIpam;
      tables.networks.set(event.id, { ...rest, ipam: kept, options: options as TextTable, labels: labels as TextTable,
        addresses: new Map(), free: kept.pools.map(freeRunsOf), ownAddress: 0 });
      // 20.10 goes on after the last pool given, even once that one is free again.
      if (kept.defaultPool >= 0) tables.nextDefaultPool = kept.defaultPool + 1;
      return;
    }
    case 'NetworkRemoved':
      tables.networks.delete(event.id);
      return;
    case 'AddressAssigned': {
      const network = tables.networks.get(event.network);
      if (network === undefined) return;
      network.addresses.set(event.address, event.owner);
      for (const runs of network.free) takeFrom(runs, event.address);
      if (network.driver === 'overlay' && event.owner === ownEndpointName(network)) network.ownAddress = event.address;
      return;
    }
    case 'AddressReleased': {
      const network = tables.networks.get(event.network);
      if (network === undefined || !network.addresses.delete(event.address)) return;
      network.ipam.pools.forEach((pool, place) => giveBackTo(network.free[place]!, pool, event.address));
      if (network.ownAddress === event.address) network.ownAddress = 0;
      return;
    }
    default:
      return unreachable(event);
  }
}

function evolveContainer(tables: EngineTables, event: ContainerEvent): void {
  if (event.type === 'ContainerCreated') {
    // What versions recorded that knew no mounts and no health checks is folded as well.
    const spec = { mounts: [], healthcheck: null, ...event.spec as unknown as object } as unknown as ContainerSpec;
    tables.containers.set(event.id, newContainer(event.id, event.name, spec, event.createdAt));
    tables.containersByName.set(event.name, event.id);
    if (spec.host.links.length > 0) tables.linkingContainers.add(event.id);
    return;
  }
  const row = tables.containers.get('container' in event ? event.container : event.id);
  if (row === undefined) return;
  switch (event.type) {
    case 'ContainerRenamed':
      forgetName(tables, row);
      row.name = event.name;
      tables.containersByName.set(event.name, event.id);
      return;
    case 'ContainerUpdated':
      row.spec = event.spec as unknown as ContainerSpec;
      return;
    case 'ContainerRemoved':
      tables.containers.delete(event.id);
      forgetName(tables, row);
      forgetTrees(tables, row, true);
      tables.linkingContainers.delete(event.id);
      moveInto(tables, row, '');
      for (const exec of tables.execs.values()) if (exec.container === event.id) tables.execs.delete(exec.id);
      return;
    case 'SandboxCreated':
      moveInto(tables, row, event.netns);
      row.sharesNetns = event.shared;
      row.interfaces = 0;
      return;
    case 'SandboxRemoved':
      forgetTrees(tables, row, false);
      moveInto(tables, row, '');
      row.sharesNetns = false;
      row.gatewayNetwork = '';
      row.gateway = 0;
      return;
    case 'ContainerStarted':
      if (row.status !== 'restarting') row.restartCount = 0;
      row.status = 'running';
      row.pid = event.pid;
      row.startedAt = event.startedAt;
      row.exitCode = 0;
      row.error = '';
      if (event.pid > tables.lastPid) tables.lastPid = event.pid;
      startHealth(row);
      return;
    case 'ContainerDied':
      stopHealth(row);
      died(row, event);
      return;
    case 'ContainerPaused':
      stopHealth(row);
      row.status = 'paused';
      return;
    case 'ContainerUnpaused':
      row.status = 'running';
      return;
    default:
      return unreachable(event);
  }
}

function forgetName(tables: EngineTables, row: ContainerRow): void {
  if (tables.containersByName.get(row.name) === row.id) tables.containersByName.delete(row.name);
}

/** The container is in namespace `netns` from now on; empty for none. */
function moveInto(tables: EngineTables, row: ContainerRow, netns: string): void {
  const { netnsHolders } = tables;
  const left = (netnsHolders.get(row.netns) ?? 0) - 1;
  if (left > 0) netnsHolders.set(row.netns, left);
  else netnsHolders.delete(row.netns);
  row.netns = netns;
  if (netns !== '') netnsHolders.set(netns, (netnsHolders.get(netns) ?? 0) + 1);
}

function died(row: ContainerRow, event: Extract<EngineEvent, { type: 'ContainerDied' }>): void {
  // A start that failed leaves a container as it was, with the reason.
  if (row.pid !== 0) {
    row.diedAt = event.diedAt;
    row.outputEnds.push({ rows: row.output.length, at: event.diedAt });
  }
  if (event.restarting) {
    row.status = 'restarting';
    row.restartCount++;
  } else if (row.status !== 'created') row.status = 'exited';
  row.pid = 0;
  row.exitCode = event.exitCode;
  row.error = event.error;
}

function evolveAttachment(tables: EngineTables, event: AttachmentEvent): void {
  if (event.type === 'EndpointLeft') {
    const owner = tables.containers.get(event.container);
    if (owner !== undefined) owner.endpoints = owner.endpoints.filter((endpoint) => endpoint.id !== event.id);
    tables.endpoints.delete(event.id);
    return;
  }
  if (event.type === 'EndpointRenamed') {
    const endpoint = tables.endpoints.get(event.id);
    if (endpoint !== undefined) endpoint.names = event.names;
    return;
  }
  const row = tables.containers.get(event.container);
  if (row === undefined) return;
  switch (event.type) {
    case 'EndpointConfigured':
      row.attachments.set(event.network, event.config as unknown as EndpointConfig);
      return;
    case 'EndpointForgotten':
      row.attachments.delete(event.network);
      return;
    case 'EndpointJoined': {
      const { type: _, ...rest } = event;
      const endpoint = { ...rest, exposed: NOTHING, published: NOTHING };
      tables.endpoints.set(event.id, endpoint);
      row.endpoints = row.endpoints.concat(endpoint);
      row.interfaces++;
      return;
    }
    case 'GatewayChosen':
      row.gatewayNetwork = event.network;
      row.gateway = event.gateway;
      return;
    case 'FileWritten':
      row.files.set(event.path, event.content);
      return;
    default:
      return unreachable(event);
  }
}

function evolveExec(tables: EngineTables, event: ExecEvent, at: SimTime): void {
  if (event.type === 'ExecCreated') {
    tables.execs.set(event.id, { id: event.id, container: event.container, spec: event.spec as unknown as ExecSpec,
      status: 'created', pid: 0, exitCode: 0, output: [] });
    return;
  }
  if (event.type === 'OutputWritten') {
    const owner = event.exec === '' ? tables.containers.get(event.container) : tables.execs.get(event.exec);
    const stream: OutputRow['stream'] = event.stream === 'stderr' ? 'stderr' : 'stdout';
    owner?.output.push({ at, stream, text: event.text });
    return;
  }
  const row = tables.execs.get(event.id);
  if (row === undefined) return;
  if (event.type === 'ExecForgotten') {
    tables.execs.delete(event.id);
    return;
  }
  if (event.type === 'ExecStarted') {
    row.status = 'running';
    row.pid = event.pid;
    if (event.pid > tables.lastPid) tables.lastPid = event.pid;
  } else {
    row.status = 'ended';
    row.exitCode = event.exitCode;
  }
}

function newContainer(id: string, name: string, spec: ContainerSpec, createdAt: number): ContainerRow {
  return { id, name, spec, createdAt, status: 'created', pid: 0, exitCode: 0, error: '', startedAt: undefined,
    diedAt: undefined,
    restartCount: 0, netns: '', sharesNetns: false, interfaces: 0, gatewayNetwork: '', gateway: 0,
    attachments: new Map(), files: new Map(), output: [], outputEnds: [], health: undefined,
    endpoints: [] };
}
