// A node of a cluster as Docker prints it.

import type { Json } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import { asObject, filled, textOf, type JsonObject } from '../json.js';
import { ENGINE_VERSION } from '../system/shape.js';
import { rfc3339 } from '../time.js';

const SWARM_PORT = 2377;
const PLUGINS = [
  ...['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'json-file', 'local', 'logentries', 'splunk', 'syslog']
    .map((Name) => ({ Type: 'Log', Name })),
  ...['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'].map((Name) => ({ Type: 'Network', Name })),
  { Type: 'Volume', Name: 'local' },
];

/** `node`: ListedNode of the store. */
export function nodeShape(node: JsonObject): Json {
  const address = formatIpv4(Number(node['address']));
  const managing = node['managing'] === null ? undefined : asObject(node['managing']);
  return {
    ID: textOf(node, 'id'), Version: { Index: Number(node['version']) }, CreatedAt: rfc3339(Number(node['createdAt'])),
    UpdatedAt: rfc3339(Number(node['updatedAt'])), Spec: node['spec'],
    Description: {
      Hostname: textOf(node, 'hostname'), Platform: { Architecture: 'x86_64', OS: 'linux' },
      Resources: { NanoCPUs: 1_000_000_000, MemoryBytes: 4_294_967_296 },
      Engine: { EngineVersion: ENGINE_VERSION, Plugins: PLUGINS }, TLSInfo: {},
    },
    Status: filled({ State: textOf(node, 'state'), Message: textOf(node, 'message'), Addr: address }),
    ...(managing === undefined ? {} : { ManagerStatus: {
      ...(managing['leader'] === true ? { Leader: true } : {}),
      Reachability: managing['reachable'] === true ? 'reachable' : 'unreachable', Addr: `${address}:${SWARM_PORT}`,
    } }),
  };
}
