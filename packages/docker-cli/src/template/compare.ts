// `eq` and its relatives: Go compares only values of one basic kind.

import { TemplateFlaw } from './nodes.js';
import { printValue } from './print.js';
import { type GoValue, typeName } from './value.js';

type BasicKind = 'nil' | 'bool' | 'int' | 'float' | 'string';

/** What Go compares the value as; undefined when it compares nothing of the kind. */
function basicKind(value: GoValue): BasicKind | undefined {
  switch (value.kind) {
    case 'nil': case 'nilPointer': return 'nil';
    case 'bool': case 'int': case 'float': case 'string': return value.kind;
    case 'number': return 'string';
    default: return undefined;
  }
}

/** Whether two values are the same. */
export function equal(one: GoValue, other: GoValue): boolean {
  const kind = basicKind(one);
  const otherKind = basicKind(other);
  if (kind === 'nil' || otherKind === 'nil') return kind === otherKind;
  if (kind === undefined || otherKind === undefined) {
    const strange = kind === undefined ? one : other;
    throw new TemplateFlaw(`non-comparable type ${printValue(strange)}: ${typeName(strange)}`);
  }
  if (kind !== otherKind) throw new TemplateFlaw('incompatible types for comparison');
  return plain(one) === plain(other);
}

/** Negative, zero or positive. */
export function compare(one: GoValue, other: GoValue): number {
  const kind = basicKind(one);
  const otherKind = basicKind(other);
  if (kind === undefined || otherKind === undefined || kind === 'nil' || otherKind === 'nil' || kind === 'bool') {
    throw new TemplateFlaw('invalid type for comparison');
  }
  if (kind !== otherKind) throw new TemplateFlaw('incompatible types for comparison');
  const [left, right] = [plain(one), plain(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function plain(value: GoValue): string | number | boolean {
  switch (value.kind) {
    case 'bool': return value.bool;
    case 'int': return value.int;
    case 'float': return value.float;
    case 'string': case 'number': case 'time': return value.text;
    default: return '';
  }
}
