// Placement constraints: `node.role==worker`, `node.labels.zone!=b`, `node.platform.os==linux` and so on (swarmkit,
// constraint). Keys and values are compared without regard to case, except labels' keys.

import type { SwarmNodeRow } from '../store/swarm-objects.js';

export interface Constraint {
  readonly key: string;
  readonly isEqual: boolean;
  readonly value: string;
}

/** undefined for what is no constraint. */
export function parseConstraint(text: string): Constraint | undefined {
  const match = /^\s*([a-zA-Z0-9_.-]+(?:\/[a-zA-Z0-9_.-]+)*)\s*(==|!=)\s*(.*?)\s*$/.exec(text);
  if (match === null || match[3] === '') return undefined;
  return { key: match[1]!, isEqual: match[2] === '==', value: match[3]! };
}

const NODE_LABEL = 'node.labels.';

/** Whether a node meets all of them. One that nobody understands is met by nobody. */
export function meetsAll(node: SwarmNodeRow, constraints: readonly string[]): boolean {
  return constraints.every((text) => {
    const constraint = parseConstraint(text);
    return constraint !== undefined && meets(node, constraint);
  });
}

function meets(node: SwarmNodeRow, { key, isEqual, value }: Constraint): boolean {
  const actual = valueOf(node, key);
  if (actual === undefined) return false;
  return (actual.toLowerCase() === value.toLowerCase()) === isEqual;
}

/** undefined when a node has nothing of that key. */
function valueOf(node: SwarmNodeRow, key: string): string | undefined {
  if (key.startsWith(NODE_LABEL)) return node.spec.Labels[key.slice(NODE_LABEL.length)] ?? '';
  // The engines of a lab have no labels of their own.
  if (key.startsWith('engine.labels.')) return '';
  switch (key.toLowerCase()) {
    case 'node.id': return node.id;
    case 'node.hostname': return node.hostname;
    case 'node.role': return node.spec.Role;
    case 'node.ip': return [24, 16, 8, 0].map((shift) => (node.address >>> shift) & 255).join('.');
    case 'node.platform.os': return 'linux';
    case 'node.platform.arch': return 'x86_64';
    default: return undefined;
  }
}
