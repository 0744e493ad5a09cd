// The request that curl sends: lines in its order, headers of the user in the place of its own.

import { encodeBase64 } from '../../text/lines.js';
import { bytesOf } from '../../stream/text-bytes.js';
import type { HttpAddress } from '../address.js';
import type { CurlOptions } from './options.js';

export interface RequestText { readonly method: string; readonly head: string; readonly body: string }

/** `after` is the status that led here: 301, 302 and 303 turn a POST into a GET. */
export function requestText(options: CurlOptions, address: HttpAddress, body: string | undefined,
  after: number | undefined): RequestText {
  const { flags, values, headers } = options;
  const turned = after !== undefined && after <= 303 && body !== undefined && !values.has('X');
  const sent = turned || flags.has('G') ? undefined : body;
  const method = values.get('X')
    ?? (flags.has('I') ? 'HEAD' : values.has('T') ? 'PUT' : sent === undefined ? 'GET' : 'POST');
  const path = flags.has('G') && body !== undefined ? `${address.path}${address.path.includes('?') ? '&' : '?'}${body}`
    : address.path;
  const user = values.get('u') ?? address.user;
  const json = options.data.some(([option]) => option === '+json');
  const own: (readonly [string, string])[] = [['Host', address.named],
    ...(user === undefined ? [] : [['Authorization', `Basic ${encodeBase64(bytesOf(user))}`] as const]),
    ['User-Agent', values.get('A') ?? 'curl/7.88.1'], ['Accept', json ? 'application/json' : '*/*'],
    ...(values.has('e') ? [['Referer', values.get('e')!] as const] : []),
    ...(values.has('b') ? [['Cookie', values.get('b')!] as const] : [])];
  const bodyFields: (readonly [string, string])[] = sent === undefined ? []
    : [['Content-Length', String(bytesOf(sent).length)],
      ...(values.has('T') ? []
        : [['Content-Type', json ? 'application/json' : 'application/x-www-form-urlencoded'] as const])];
  const given = new Map(headers.map((header) => {
    const cut = header.search(/[:;]/);
    return [header.slice(0, cut < 0 ? undefined : cut).toLowerCase(), header] as const;
  }));
  const lines = [...own, ...bodyFields].filter(([name]) => !given.has(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value}`);
  // A header without a value takes curl's own away.
  const users = headers.filter((header) => !/^[^:;]+:\s*$/.test(header)).map((header) => header.replace(/;$/, ':'));
  const place = lines.length - (sent === undefined ? 0 : bodyFields.filter(([name]) =>
    !given.has(name.toLowerCase())).length);
  const all = [...lines.slice(0, place), ...users, ...lines.slice(place)];
  return { method, head: `${method} ${path} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n`, body: sent ?? '' };
}
