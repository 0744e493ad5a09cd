// The door to the template engine: nothing is thrown past it.

import { evaluateTemplate } from './evaluate.js';
import { dockerFunctions, goFunctions, type TemplateFunction } from './functions.js';
import { type ParsedTemplate, TemplateFlaw } from './nodes.js';
import { parseTemplate } from './parse.js';
import type { GoValue } from './value.js';

/** A text, or what is wrong with the template in Go's words. */
export type Rendered = { readonly text: string } | { readonly flaw: string };

/** A template that was read well. */
export interface Template {
  /** What it writes about a value. `raw` marks the view of an answer that knows no types. */
  readonly render: (data: GoValue, options?: RenderOptions) => Rendered;
}

export interface RenderOptions {
  readonly raw?: boolean;
  readonly functions?: ReadonlyMap<string, TemplateFunction>;
}

const NAMES: ReadonlySet<string> = new Set([...goFunctions.keys(), ...dockerFunctions.keys(), 'and', 'or']);

/** Reads a template; `name` stands in complaints. */
export function readTemplate(source: string, name = ''): Template | { readonly flaw: string } {
  const parsed = caught(() => parseTemplate(name, source, NAMES));
  if ('flaw' in parsed) return parsed;
  const tree: ParsedTemplate = parsed.value;
  return {
    render(data, options = {}) {
      const functions = options.functions ?? dockerFunctions;
      const result = caught(() => evaluateTemplate(tree, data, { functions, raw: options.raw === true }));
      return 'flaw' in result ? result : { text: result.value };
    },
  };
}

function caught<T>(work: () => T): { readonly value: T } | { readonly flaw: string } {
  try {
    return { value: work() };
  } catch (problem) {
    if (problem instanceof TemplateFlaw) return { flaw: problem.message };
    throw problem;
  }
}
