// The line that awk looks at, and its fields.

import { extendedPattern } from '../pattern.js';
import type { Value } from './value.js';

export class Record {
  private text = '';
  private fields: string[] = [];
  /** A field was set: the line is made anew of them. */
  private changed = false;

  take(line: string, separator: string): void {
    this.text = line;
    this.fields = splitText(line, separator);
    this.changed = false;
  }

  get count(): number {
    return this.fields.length;
  }

  line(joiner: string): string {
    if (this.changed) {
      this.text = this.fields.join(joiner);
      this.changed = false;
    }
    return this.text;
  }

  field(index: number, joiner: string): Value {
    return { text: index === 0 ? this.line(joiner) : this.fields[index - 1] ?? '' };
  }

  setField(index: number, value: string, separator: string, joiner: string): void {
    if (index === 0) return this.take(value, separator);
    this.line(joiner);
    while (this.fields.length < index) this.fields.push('');
    this.fields[index - 1] = value;
    this.text = this.fields.join(joiner);
  }

  setCount(count: number, joiner: string): void {
    while (this.fields.length < count) this.fields.push('');
    this.fields.length = count;
    this.text = this.fields.join(joiner);
  }
}

/** A blank is any run of blanks; one other character is itself; more is a regular expression. */
export function splitText(text: string, separator: string): string[] {
  if (text === '') return [];
  if (separator === ' ') return text.split(/[ \t\n]+/).filter((field) => field !== '');

  if (separator.length === 1) return text.split(separator);
  try {
    return text.split(new RegExp(extendedPattern(separator)));
  } catch {
    return text.split(separator);
  }
}
