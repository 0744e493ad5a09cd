// Notices as `GET /events` streams them: one JSON document a line.

import type { NoticeRow } from '@netreel/engine';
import type { JsonObject } from '../json.js';
import { unixNanoseconds, unixSeconds } from '../time.js';

/** Containers and images also have the fields of before there were other kinds. */
const OLD_KINDS = ['container', 'image'];

/** A line of the stream. */
export function noticeLine(row: NoticeRow): string {
  // The nanoseconds are a number with more digits than one can hold here.
  return `${JSON.stringify(noticeShape(row)).slice(0, -1)},"timeNano":${unixNanoseconds(row.at)}}\n`;
}

function noticeShape({ at, kind, action, actor, attributes, scope }: NoticeRow): JsonObject {
  const image = attributes['image'] ?? '';
  const old = OLD_KINDS.includes(kind)
    ? { ...(action === '' ? {} : { status: action }), ...(actor === '' ? {} : { id: actor }),
      ...(image === '' ? {} : { from: image }) } : {};
  const sorted = Object.fromEntries(Object.keys(attributes).sort().map((key) => [key, attributes[key]!]));
  return { ...old, Type: kind, Action: action, Actor: { ID: actor, Attributes: sorted }, scope,
    time: unixSeconds(at) };
}
