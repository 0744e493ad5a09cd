// The tree of a parsed template. Every node keeps its place and its text, because complaints name both.

import type { GoValue } from './value.js';

export interface Place {
  /** Offset into the template. */
  readonly at: number;
  /** The node as Go writes it back. */
  readonly text: string;
}

export type Operand = Place & (
  | { readonly kind: 'dot' }
  | { readonly kind: 'literal'; readonly value: GoValue }
  | { readonly kind: 'nil' }
  | { readonly kind: 'field'; readonly names: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly kind: 'chain'; readonly head: Operand; readonly names: readonly string[] });

/** `index .Ports "80/tcp"`: an operand and its arguments. */
export interface CommandNode extends Place {
  readonly words: readonly Operand[];
}

export interface Pipeline extends Place {
  /** `$a := ...`, or `$k, $v :=` of a range. */
  readonly variables: readonly string[];
  /** `=` instead of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly CommandNode[];
}

export interface Branch extends Place {
  readonly pipeline: Pipeline;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipeline: Pipeline }
  | (Branch & { readonly kind: 'if' | 'with' | 'range' })
  | { readonly kind: 'break' | 'continue' }
  | (Place & { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined });

export interface ParsedTemplate {
  readonly name: string;
  readonly source: string;
  readonly body: readonly TemplateNode[];
  readonly definitions: ReadonlyMap<string, readonly TemplateNode[]>;
}

/** A template that cannot be read or carried out; the text is Go's. Caught in render.ts. */
export class TemplateFlaw extends Error {}
