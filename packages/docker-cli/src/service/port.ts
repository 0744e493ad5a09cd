// `--publish` of a service: `8080:80/udp`, or `mode=host,target=80,published=8080,protocol=tcp`.

import type { Json } from '@netreel/sim';
import { refuse } from '../refusal.js';

/** PortConfig of the API. */
export type PublishedPort = {
  readonly Protocol: string;
  readonly TargetPort: number;
  readonly PublishedPort?: number;
  readonly PublishMode: string;
};

export function readPublished(text: string): readonly PublishedPort[] {
  return text.includes('=') ? [longForm(text)] : shortForm(text);
}

export function asJson(ports: readonly PublishedPort[]): Json {
  return ports as unknown as Json;
}

function longForm(text: string): PublishedPort {
  let port: PublishedPort = { Protocol: 'tcp', TargetPort: 0, PublishMode: 'ingress' };
  for (const field of text.split(',')) {
    const at = field.indexOf('=');
    const key = field.slice(0, at).trim().toLowerCase();
    const value = field.slice(at + 1).trim().toLowerCase();
    if (at < 0) return refuse(`invalid field: ${field}`);
    switch (key) {
      case 'protocol':
        if (!['tcp', 'udp', 'sctp'].includes(value)) return refuse(`invalid protocol value ${value}`);
        port = { ...port, Protocol: value };
        break;
      case 'mode':
        if (value !== 'ingress' && value !== 'host') {
          return refuse(`invalid publish mode value (${value}): must be either "ingress" or "host"`);
        }
        port = { ...port, PublishMode: value };
        break;
      case 'target':
        port = { ...port, TargetPort: numberOf(value, 'target') };
        break;
      case 'published':
        port = { ...port, PublishedPort: numberOf(value, 'published') };
        break;
      default:
        return refuse(`invalid field key ${key}`);
    }
  }
  return port.TargetPort === 0 ? refuse('missing mandatory field "target"') : port;
}

function numberOf(value: string, key: string): number {
  if (/^\d+$/.test(value) && Number(value) <= 65_535) return Number(value);
  return refuse(`invalid ${key} port (${value}): value must be an integer: invalid syntax`);
}

function shortForm(text: string): readonly PublishedPort[] {
  const [numbers = '', protocol = 'tcp'] = text.split('/');
  const parts = numbers.split(':');
  if (parts.length > 2) return refuse(`hostip is not supported`);
  const [target, published] = parts.length === 1 ? [parts[0]!, ''] : [parts[1]!, parts[0]!];
  const targets = rangeOf(target, text);
  const hosts = published === '' ? undefined : rangeOf(published, text);
  if (hosts !== undefined && hosts.length !== targets.length) {
    return refuse(`invalid ranges specified for container and host Ports: ${target} and ${published}`);
  }
  return targets.map((number, place) => ({ Protocol: protocol.toLowerCase(), TargetPort: number,
    ...(hosts === undefined ? {} : { PublishedPort: hosts[place]! }), PublishMode: 'ingress' }));
}

function rangeOf(text: string, whole: string): readonly number[] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (match === null || first > 65_535 || last > 65_535 || last < first) {
    return refuse(`invalid containerPort: ${whole}`);
  }
  return Array.from({ length: last - first + 1 }, (_, place) => first + place);
}
