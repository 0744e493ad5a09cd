// Waymarks of a run: now and then, how far every node's history had come and what its tables held there. They make any
// moment quick to reach and hold nothing that the journal does not: whoever deletes them loses time alone.

import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { genesisHash, type ChainHash } from '@netreel/protocol';
import type { SimTime } from '@netreel/sim';

/** How far one node had come, and the file of its tables. */
export interface NodeMark {
  readonly number: number;
  readonly chain: ChainHash;
  /** When the last of its records happened; -1 before the first. */
  readonly at: SimTime;
  /** Of its last record. */
  readonly sequence: number;
  /** Empty for a node without records. */
  readonly tables: string;
}

export interface Waymark {
  /** Place in the journal's one sequence behind which nothing was looked at; 0 where a journal has none. */
  readonly offset: number;
  /** By node index. */
  readonly nodes: readonly NodeMark[];
}

const LIST = 'waymarks.jsonl';
const SUM_BYTES = 4;

/** Where every run begins. */
export function startingMark(names: readonly string[]): Waymark {
  return { offset: 0, nodes: names.map((name) => ({ number: 0, chain: genesisHash(name), at: -1, sequence: 0,
    tables: '' })) };
}

export class Waymarks {
  private readonly known: Waymark[];

  /** `folder` belongs to one run, in one journal, as one build of the code folds it. */
  constructor(private readonly folder: string) {
    this.known = readList(join(folder, LIST));
  }

  /** In the order of the history. */
  list(): readonly Waymark[] {
    return this.known;
  }

  /** The tables of a node at a mark; undefined when they cannot be read, as if the mark had never been. */
  tablesOf(mark: NodeMark): unknown {
    try {
      const bytes = readFileSync(join(this.folder, mark.tables));
      const body = bytes.subarray(SUM_BYTES);
      return bytes.readUInt32LE(0) === crc32(body) ? deserialize(body) : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Adds a mark behind all others. `tables` by node index; undefined for one that has not changed since the last mark.
   */
  add(offset: number, nodes: readonly Omit<NodeMark, 'tables'>[], tables: readonly unknown[]): void {
    const last = this.known[this.known.length - 1];
    mkdirSync(this.folder, { recursive: true });
    const mark: Waymark = { offset, nodes: nodes.map((node, index) => {
      const content = tables[index];
      const file = content === undefined ? last?.nodes[index]?.tables ?? '' : `${index}-${node.number}.tables`;
      if (content !== undefined) this.write(file, serialize(content));
      return { ...node, tables: file };
    }) };
    appendFileSync(join(this.folder, LIST), `${JSON.stringify(mark)}\n`);
    this.known.push(mark);
  }

  /** They do not fit the history: it is another one. */
  forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
    this.known.length = 0;
  }

  private write(file: string, body: Buffer): void {
    const sum = Buffer.alloc(SUM_BYTES);
    sum.writeUInt32LE(crc32(body));
    const path = join(this.folder, file);
    // Whole or not at all, whoever looks at it meanwhile.
    writeFileSync(`${path}.${process.pid}`, Buffer.concat([sum, body]));
    renameSync(`${path}.${process.pid}`, path);
  }
}

function readList(path: string): Waymark[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  const marks: Waymark[] = [];
  for (const line of text.split('\n')) {
    if (line === '') break;
    try {
      marks.push(JSON.parse(line) as Waymark);
    } catch {
      // The last line of somebody who died while writing it.
      break;
    }
  }
  return marks;
}
