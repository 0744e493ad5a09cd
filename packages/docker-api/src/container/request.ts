// What clients send about containers, in the engine's terms.

import type { Json } from '@netreel/sim';
import type { ContainerRequest, HealthSpec, HostSettings, PortBinding, RestartPolicy } from '@netreel/engine';
import { asObject, flagOf, isObject, numberOf, tableOf, textOf, textsOf, type JsonObject } from '../json.js';
import { endpointConfig } from '../network/request.js';

/** Body of POST /containers/create. */
export function containerRequest(name: string, body: JsonObject): ContainerRequest {
  const endpoints = asObject(asObject(body['NetworkingConfig'])['EndpointsConfig']);
  return {
    name, image: textOf(body, 'Image'), hostname: textOf(body, 'Hostname'), domainname: textOf(body, 'Domainname'),
    user: textOf(body, 'User'), attachStdin: flagOf(body, 'AttachStdin'), attachStdout: flagOf(body, 'AttachStdout'),
    attachStderr: flagOf(body, 'AttachStderr'), tty: flagOf(body, 'Tty'), openStdin: flagOf(body, 'OpenStdin'),
    stdinOnce: flagOf(body, 'StdinOnce'), env: textsOf(body, 'Env') ?? [], cmd: textsOf(body, 'Cmd') ?? null,
    entrypoint: textsOf(body, 'Entrypoint') ?? null, workingDir: textOf(body, 'WorkingDir'), labels: tableOf(body,
      'Labels'),
    volumes: Object.keys(asObject(body['Volumes'])).sort(),
    exposedPorts: Object.keys(asObject(body['ExposedPorts'])).sort(), stopSignal: textOf(body, 'StopSignal'),
    stopTimeout: numberOf(body, 'StopTimeout', -1), macAddress: textOf(body, 'MacAddress'),
    healthcheck: healthSpec(body['Healthcheck']),
    host: hostSettings(asObject(body['HostConfig'])),
    networks: new Map(Object.keys(endpoints).sort().map((network) => [network,
      endpointConfig(asObject(endpoints[network]))])),
  };
}

/** A HealthConfig document. */
function healthSpec(config: Json | undefined): HealthSpec | null {
  if (!isObject(config)) return null;
  const body = asObject(config);
  return { test: textsOf(body, 'Test') ?? [], intervalNs: numberOf(body, 'Interval', 0),
    timeoutNs: numberOf(body, 'Timeout', 0), startPeriodNs: numberOf(body, 'StartPeriod', 0),
    retries: numberOf(body, 'Retries', 0) };
}

function hostSettings(host: JsonObject): HostSettings {
  const mode = textOf(host, 'NetworkMode');
  return {
    networkMode: mode === '' ? 'default' : mode, autoRemove: flagOf(host, 'AutoRemove'),
    restartPolicy: restartPolicy(asObject(host['RestartPolicy'])), dns: textsOf(host, 'Dns') ?? [],
    dnsSearch: textsOf(host, 'DnsSearch') ?? [], dnsOptions: textsOf(host, 'DnsOptions') ?? [],
    extraHosts: textsOf(host, 'ExtraHosts') ?? [], links: textsOf(host, 'Links') ?? [],
    portBindings: portBindings(asObject(host['PortBindings'])), publishAllPorts: flagOf(host, 'PublishAllPorts'),
    privileged: flagOf(host, 'Privileged'), sent: host,
  };
}

/** A RestartPolicy document. */
export function restartPolicy(policy: JsonObject): RestartPolicy {
  return { name: textOf(policy, 'Name'), maximumRetryCount: numberOf(policy, 'MaximumRetryCount', 0) };
}

function portBindings(ports: JsonObject): { readonly [port: string]: readonly PortBinding[] } {
  return Object.fromEntries(Object.keys(ports).sort().map((port) => {
    const bindings: Json = ports[port] ?? null;
    return [port, Array.isArray(bindings) ? bindings.map((binding) =>
      ({ hostIp: textOf(asObject(binding), 'HostIp'), hostPort: textOf(asObject(binding), 'HostPort') })) : []];
  }));
}
