// The container of a task: the API's TaskSpec in the words of POST /containers/create, as the engine of a swarm node
// does it itself.

import { containerRequest } from '@netreel/docker-api';
import { PLAIN_ENDPOINT, type ContainerRequest, type EndpointConfig } from '@netreel/engine';
import type { AssignedTask, TaskAttachment } from '@netreel/overlay';
import type { Json } from '@netreel/sim';

type Table = { readonly [key: string]: Json | undefined };

function tableOf(value: Json | undefined): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Table : {};
}

export function taskContainerName({ task, serviceName }: AssignedTask): string {
  return `${serviceName}.${task.slot === 0 ? task.node : task.slot}.${task.id}`;
}

/** What the engine is asked for. `hostname`: of the node, for templates. */
export function taskContainer(assigned: AssignedTask, hostname: string): ContainerRequest {
  const { task, serviceName } = assigned;
  const spec = tableOf(task.spec['ContainerSpec']);
  const name = taskContainerName(assigned);
  const fill = (text: string): string => filled(text, assigned, hostname);
  const texts = (key: string): readonly string[] => {
    const list = spec[key];
    return Array.isArray(list) ? (list as readonly string[]) : [];
  };
  const predefined = task.attachments.find(({ address }) => address === 0);
  const dns = tableOf(spec['DNSConfig']);
  const body: Table = {
    Image: spec['Image'], Hostname: fill(String(spec['Hostname'] ?? '')), User: spec['User'] ?? '',
    Env: texts('Env').map(fill), Cmd: spec['Args'] ?? null, Entrypoint: spec['Command'] ?? null,
    WorkingDir: spec['Dir'] ?? '', StopSignal: spec['StopSignal'] ?? '', Tty: spec['TTY'] ?? false,
    OpenStdin: spec['OpenStdin'] ?? false, Healthcheck: spec['Healthcheck'],
    Labels: { ...tableOf(spec['Labels']), 'com.docker.swarm.node.id': task.node,
      'com.docker.swarm.service.id': task.service, 'com.docker.swarm.service.name': serviceName,
      'com.docker.swarm.task': '', 'com.docker.swarm.task.id': task.id, 'com.docker.swarm.task.name': name },
    HostConfig: {
      NetworkMode: predefined?.network ?? 'default', Mounts: spec['Mounts'] ?? [], ExtraHosts: hostsOf(texts('Hosts')),
      Dns: dns['Nameservers'] ?? [], DnsSearch: dns['Search'] ?? [], DnsOptions: dns['Options'] ?? [],
      PortBindings: bindingsOf(assigned), Init: spec['Init'] ?? false,
    },
  };
  const request = containerRequest(name, body);
  const networks = task.attachments.filter(({ address }) => address !== 0)
    .map((attachment): readonly [string, EndpointConfig] => [attachment.network, endpointOf(assigned, attachment)]);
  return networks.length === 0 ? request : { ...request, networks: new Map(networks) };
}

/** A service's own names give its virtual address; without one, the tasks themselves. */
function endpointOf({ serviceName, endpoint }: AssignedTask, attachment: TaskAttachment): EndpointConfig {
  const { network, address, prefix, aliases } = attachment;
  const own = [serviceName, ...aliases.filter((alias) => alias !== serviceName)];
  const vip = endpoint.addresses.find((each) => each.network === network)?.address ?? 0;
  const tasks = own.map((each) => `tasks.${each}`);
  return { ...PLAIN_ENDPOINT, networkId: network,
    task: { address, prefix, vip, vipNames: vip === 0 ? [] : own, names: vip === 0 ? [...own, ...tasks] : tasks } };
}

/** Ports in host mode are the container's own. */
function bindingsOf({ endpoint }: AssignedTask): Table {
  const bindings: { [port: string]: { HostIp: string; HostPort: string }[] } = {};
  for (const { mode, protocol, target, published } of endpoint.ports) {
    if (mode !== 'host') continue;
    (bindings[`${target}/${protocol}`] ??= []).push({ HostIp: '', HostPort: published === 0 ? '' : String(published) });
  }
  return bindings;
}

/** `ADDRESS NAME …` of a service's spec as `NAME:ADDRESS`. */
function hostsOf(hosts: readonly string[]): readonly string[] {
  return hosts.flatMap((line) => {
    const [address = '', ...names] = line.split(/\s+/);
    return names.map((name) => `${name}:${address}`);
  });
}

/** `{{.Service.Name}}`, `{{.Node.Hostname}}`, `{{.Task.Slot}}` and their like in a hostname or a variable. */
function filled(text: string, { task, serviceName }: AssignedTask, hostname: string): string {
  const values: Readonly<Record<string, string>> = {
    'Service.ID': task.service, 'Service.Name': serviceName, 'Node.ID': task.node, 'Node.Hostname': hostname,
    'Task.ID': task.id, 'Task.Name': `${serviceName}.${task.slot === 0 ? task.node : task.slot}.${task.id}`,
    'Task.Slot': String(task.slot),
  };
  return text.replace(/\{\{ *\.([A-Za-z.]+) *\}\}/g, (whole, key: string) => values[key] ?? whole);
}
