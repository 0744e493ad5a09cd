// Where something stands in a scenario file, so that a mistake is named by line and column.

import { type Document, LineCounter, isNode, parseDocument } from 'yaml';
import { EXIT, UserFault } from '../fault.js';

/** A scenario's text, read, with the place of everything in it. */
export class ScenarioText {
  private readonly lines = new LineCounter();
  private readonly document: Document;

  constructor(readonly file: string, text: string) {
    this.document = parseDocument(text, { lineCounter: this.lines, uniqueKeys: true, prettyErrors: false });
    const [error] = this.document.errors;
    if (error !== undefined) throw this.faultAt(error.pos[0], error.message);
  }

  /** The plain value: mappings, lists, texts, numbers. */
  get value(): unknown {
    return this.document.toJS({ maxAliasCount: 100 });
  }

  /** Line of what stands under a path of keys and places, from 1. */
  lineOf(path: readonly PropertyKey[]): number {
    return this.lines.linePos(this.offsetOf(path)).line;
  }

  /** A mistake at a path: `FILE:LINE:COLUMN: what is wrong`. */
  fault(path: readonly PropertyKey[], message: string): UserFault {
    return this.faultAt(this.offsetOf(path), message);
  }

  private faultAt(offset: number, message: string): UserFault {
    const { line, col } = this.lines.linePos(offset);
    return new UserFault(EXIT.wrong, `${this.file}:${line}:${col}: ${message}`);
  }

  /** The nearest place that is there: a missing key is reported where it should have been. */
  private offsetOf(path: readonly PropertyKey[]): number {
    for (let length = path.length; length > 0; length--) {
      const node = this.document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return this.document.contents?.range?.[0] ?? 0;
  }
}
