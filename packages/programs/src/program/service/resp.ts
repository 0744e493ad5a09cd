// Redis' protocol: commands as arrays of bulk strings or as a line, answers with a sign in front. RESP 2.

import { bytesOf } from '../stream/text-bytes.js';

export type Reply = { readonly kind: 'status' | 'error' | 'bulk'; readonly text: string } | { readonly kind: 'nil' }
  | { readonly kind: 'number'; readonly value: number } | { readonly kind: 'list'; readonly items: readonly Reply[] };

export const OK: Reply = { kind: 'status', text: 'OK' };
export const NIL: Reply = { kind: 'nil' };

export function bulk(text: string): Reply {
  return { kind: 'bulk', text };
}

export function number(value: number): Reply {
  return { kind: 'number', value };
}

export function list(texts: readonly (string | undefined)[]): Reply {
  return { kind: 'list', items: texts.map((text) => (text === undefined ? NIL : bulk(text))) };
}

export function error(text: string): Reply {
  return { kind: 'error', text };
}

export function encodeReply(reply: Reply): string {
  switch (reply.kind) {
    case 'status': return `+${reply.text}\r\n`;
    case 'error': return `-${reply.text}\r\n`;
    case 'number': return `:${reply.value}\r\n`;
    case 'nil': return '$-1\r\n';
    case 'bulk': return `$${bytesOf(reply.text).length}\r\n${reply.text}\r\n`;
    case 'list': return `*${reply.items.length}\r\n${reply.items.map(encodeReply).join('')}`;
  }
}

export function encodeCommand(words: readonly string[]): string {
  return encodeReply(list(words));
}

/** Text that is `bytes` long, and the rest; undefined while it is not all there. */
function takeBytes(text: string, bytes: number): { readonly taken: string; readonly rest: string } | undefined {
  if (text.length < bytes && bytesOf(text).length < bytes) return undefined;
  let end = 0;
  for (let counted = 0; counted < bytes; end++) counted += bytesOf(text[end]!).length;
  return { taken: text.slice(0, end), rest: text.slice(end) };
}

interface Taken<T> { readonly value: T; readonly rest: string }

/** The next command; undefined while it is not all there; a text is a protocol error. */
export function takeCommand(text: string): Taken<readonly string[]> | undefined | string {
  if (!text.startsWith('*')) {
    const cut = text.indexOf('\n');
    if (cut < 0) return text.length > 65_536 ? 'Protocol error: too big inline request' : undefined;
    const line = text.slice(0, cut).replace(/\r$/, '');
    const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) =>
      double?.replace(/\\(.)/g, '$1') ?? single ?? plain!);
    return { value: words, rest: text.slice(cut + 1) };
  }
  const reply = takeReply(text);
  if (reply === undefined || typeof reply === 'string') return reply;
  if (reply.value.kind !== 'list') return 'Protocol error: expected \'$\'';
  return { value: reply.value.items.map((item) => (item.kind === 'bulk' ? item.text : '')), rest: reply.rest };
}

export function takeReply(text: string): Taken<Reply> | undefined | string {
  const cut = text.indexOf('\r\n');
  if (cut < 0) return undefined;
  const line = text.slice(1, cut);
  const rest = text.slice(cut + 2);
  switch (text[0]) {
    case '+': return { value: { kind: 'status', text: line }, rest };
    case '-': return { value: { kind: 'error', text: line }, rest };
    case ':': return { value: { kind: 'number', value: Number(line) }, rest };
    case '$': {
      const length = Number(line);
      if (!Number.isInteger(length) || length > 536_870_912) return 'Protocol error: invalid bulk length';
      if (length < 0) return { value: NIL, rest };
      const taken = takeBytes(rest, length + 2);
      return taken === undefined ? undefined : { value: bulk(taken.taken.slice(0, -2)), rest: taken.rest };
    }
    case '*': {
      const count = Number(line);
      if (!Number.isInteger(count) || count > 1_048_576) return 'Protocol error: invalid multibulk length';
      const items: Reply[] = [];
      let left = rest;
      for (let place = 0; place < count; place++) {
        const item = takeReply(left);
        if (item === undefined || typeof item === 'string') return item;
        items.push(item.value);
        left = item.rest;
      }
      return { value: { kind: 'list', items }, rest: left };
    }
    default: return `Protocol error: expected '$', got '${text[0] ?? ''}'`;
  }
}
