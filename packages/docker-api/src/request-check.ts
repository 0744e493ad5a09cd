// What a request must be like before its route looks at it: a body of the right types, numbers where they are due.

import { failure } from './answer.js';
import { shapeFlaw } from './go/shapes.js';
import type { ApiAnswer, ApiRequest } from './http.js';
import { asObject, textOf } from './json.js';

interface BodyRule {
  readonly method: ApiRequest['method'];
  readonly path: RegExp;
  readonly type: string;
  /** Status of a body that does not fit, and of none at all. */
  readonly status: number;
}

const RULES: readonly BodyRule[] = [
  { method: 'POST', path: /^\/containers\/create$/, type: 'ContainerConfigWrapper', status: 500 },
  { method: 'POST', path: /^\/containers\/[^/]+\/update$/, type: 'UpdateConfig', status: 500 },
  { method: 'POST', path: /^\/containers\/[^/]+\/exec$/, type: 'ExecConfig', status: 400 },
  { method: 'POST', path: /^\/exec\/[^/]+\/start$/, type: 'ExecStartCheck', status: 400 },
  { method: 'POST', path: /^\/networks\/create$/, type: 'NetworkCreateRequest', status: 400 },
  { method: 'POST', path: /^\/networks\/[^/]+\/connect$/, type: 'NetworkConnect', status: 400 },
  { method: 'POST', path: /^\/networks\/[^/]+\/disconnect$/, type: 'NetworkDisconnect', status: 400 },
  { method: 'POST', path: /^\/volumes\/create$/, type: 'VolumeCreateBody', status: 400 },
];

/** Docker's answer to a request that no route would understand. */
export function requestRefusal(request: ApiRequest): ApiAnswer | undefined {
  return bodyRefusal(request) ?? emptyName(request) ?? oddNumber(request);
}

/** A time to wait that is no number. */
function oddNumber({ method, path, query }: ApiRequest): ApiAnswer | undefined {
  const text = query['t'] ?? '';
  if (method !== 'POST' || !/^\/containers\/[^/]+\/(stop|restart)$/.test(path)) return undefined;
  return text === '' || /^[+-]?\d+$/.test(text) ? undefined
    : failure(500, `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** Bodies that leave out what they are about. */
function emptyName({ method, path, body }: ApiRequest): ApiAnswer | undefined {
  if (method !== 'POST') return undefined;
  const about = asObject(body);
  if (path === '/networks/create' && textOf(about, 'Name') === '') return failure(500, 'invalid name: ');
  if (/^\/networks\/[^/]+\/(connect|disconnect)$/.test(path) && textOf(about, 'Container') === '') {
    return failure(400, 'invalid name or ID supplied: ""');
  }
  const command = about['Cmd'];
  const nothing = !Array.isArray(command) || command.length === 0;
  return /^\/containers\/[^/]+\/exec$/.test(path) && nothing ? failure(400, 'No exec command specified') : undefined;
}

function bodyRefusal({ method, path, body }: ApiRequest): ApiAnswer | undefined {
  const rule = RULES.find((each) => each.method === method && each.path.test(path));
  if (rule === undefined) return undefined;
  if (body === null) return failure(rule.status, rule.status === 500 ? 'EOF' : 'got EOF while reading request body');
  const flaw = shapeFlaw(body, rule.type);
  return flaw === undefined ? undefined : failure(rule.status, flaw);
}
