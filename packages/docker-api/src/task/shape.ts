// Tasks as Docker prints them.

import type { Json } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import { asObject, filled, textOf, type JsonObject } from '../json.js';
import { portShape } from '../service/shape.js';
import { rfc3339 } from '../time.js';

/** `task`: TaskRow of the store. `networks`: OverlayNetwork[]. */
export function taskShape(task: JsonObject, networks: readonly JsonObject[]): Json {
  const attachments = (task['attachments'] as readonly Json[]).map(asObject);
  return {
    ID: textOf(task, 'id'), Version: { Index: Number(task['version']) }, CreatedAt: rfc3339(Number(task['createdAt'])),
    UpdatedAt: rfc3339(Number(task['updatedAt'])), Labels: {}, Spec: task['spec'], ServiceID: textOf(task, 'service'),
    ...(task['slot'] === 0 ? {} : { Slot: Number(task['slot']) }),
    ...(task['node'] === '' ? {} : { NodeID: textOf(task, 'node') }),
    Status: statusShape(asObject(task['status'])), DesiredState: textOf(task, 'desired'),
    ...(attachments.length === 0 ? {} : { NetworksAttachments: attachments.map((each) =>
      attachmentShape(each, networks)) }),
  };
}

function statusShape(status: JsonObject): Json {
  const exitCode = Number(status['exitCode']);
  const ports = (status['ports'] as readonly Json[]).map(asObject).map(portShape);
  const container = filled({ ContainerID: textOf(status, 'container') });
  return {
    Timestamp: rfc3339(Number(status['at'])), State: textOf(status, 'state'), Message: textOf(status, 'message'),
    ...filled({ Err: textOf(status, 'error') }),
    ...(status['container'] === '' ? {} : { ContainerStatus: { ...container, PID: Number(status['pid']),
      ExitCode: exitCode === 0 ? 0 : exitCode - 1 } }),
    PortStatus: ports.length === 0 ? {} : { Ports: ports },
  };
}

function attachmentShape(attachment: JsonObject, networks: readonly JsonObject[]): Json {
  const id = textOf(attachment, 'network');
  const network = networks.find((row) => textOf(row, 'id') === id);
  const address = Number(attachment['address']);
  return {
    Network: { ID: id, Spec: { Name: network === undefined ? id : textOf(network, 'name'), Labels: {} } },
    ...(address === 0 ? {} : { Addresses: [`${formatIpv4(address)}/${Number(attachment['prefix'])}`] }),
  };
}
