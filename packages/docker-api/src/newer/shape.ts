// Documents as engines from API 1.44 on write them, made from those of 1.41.

import type { Json } from '@netreel/sim';
import { shortId } from '@netreel/engine';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, textOf, textsOf, type JsonObject } from '../json.js';

/** Networks whose members have no names. */
const NAMELESS = ['bridge', 'host', 'none'];

/** The answer of a newer engine. */
export function asNewer({ path }: ApiRequest, given: ApiAnswer): ApiAnswer {
  if (given.status !== 200) return given;
  if (/^\/containers\/[^/]+\/json$/.test(path)) return { ...given, body: containerBody(asObject(given.body)) };
  if (path === '/containers/json') return { ...given, body: listOf(given.body).map(rowBody) };
  if (path === '/images/json') return { ...given, body: listOf(given.body).map((row) => without(row,
    ['VirtualSize'])) };
  if (/^\/images\/.+\/json$/.test(path)) {
    return { ...given, body: without(given.body, ['VirtualSize', 'Container', 'ContainerConfig']) };
  }
  return given;
}

function containerBody(body: JsonObject): Json {
  const host = asObject(body['HostConfig']);
  const settings = asObject(body['NetworkSettings']);
  const config = asObject(body['Config']);
  const names = { name: textOf(body, 'Name').slice(1), id: textOf(body, 'Id'), host: textOf(config, 'Hostname') };
  return { ...body, Config: without(config as Json, ['MacAddress']),
    HostConfig: { ...host, NetworkMode: modeOf(host) },
    NetworkSettings: { ...settings, Networks: networksBody(asObject(settings['Networks']), names) } };
}

function rowBody(row: Json): Json {
  const body = asObject(row);
  const host = asObject(body['HostConfig']);
  const settings = asObject(body['NetworkSettings']);
  const [name = ''] = textsOf(body, 'Names') ?? [];
  return { ...body, HostConfig: { ...host, NetworkMode: modeOf(host) }, NetworkSettings: { ...settings,
    Networks: networksBody(asObject(settings['Networks']), { name: name.slice(1), id: textOf(body, 'Id'),
      host: '' }) } };
}

function modeOf(host: JsonObject): string {
  const mode = textOf(host, 'NetworkMode');
  return mode === 'default' ? 'bridge' : mode;
}

interface Names {
  readonly name: string;
  readonly id: string;
  readonly host: string;
}

/** Aliases are those that were asked for; what DNS answers stands beside them. */
function networksBody(networks: JsonObject, { name, id, host }: Names): Json {
  return Object.fromEntries(Object.entries(networks).map(([network, value]) => {
    const body = asObject(value);
    const known = shortId(id);
    const all = textsOf(body, 'Aliases') ?? [];
    const asked = all.filter((alias) => alias !== known && alias !== host);
    const named = !NAMELESS.includes(network) && textOf(body, 'NetworkID') !== '';
    const names = [...new Set([name, ...asked, known, host])].filter((each) => each !== '');
    return [network, { ...body, Aliases: asked.length === 0 ? null : asked, DNSNames: named ? names : null }];
  }));
}

function without(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(asObject(value)).filter(([key]) => !keys.includes(key)));
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
