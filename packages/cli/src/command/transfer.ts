// Recorded runs as files: out as a reel, a capture or lines of JSON, and reels in.

import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { historyCodec, recordToJson } from '@netreel/protocol';
import { copyRun, fileJournal, reelFile } from '@netreel/runtime';
import type { LabSpec } from '@netreel/sim';
import { type Placed, captureHead, capturedFrames } from '@netreel/views';
import { EXIT, UserFault } from '../fault.js';
import { manifestOf } from '../past/open.js';
import { recordsInOrder } from '../past/records.js';
import { readRun } from '../running/histories.js';
import { type JournalChoice, withRun } from '../running/journals.js';
import type { CommandContext } from './context.js';

/** Which form a run is written out in; exactly one is given. */
export interface ExportForms {
  readonly reel?: string;
  readonly pcapng?: string;
  readonly json?: string;
}

export async function exportCommand(context: CommandContext, reference: string,
  options: JournalChoice & ExportForms): Promise<void> {
  const forms = (['reel', 'pcapng', 'json'] as const).filter((form) => options[form] !== undefined);
  if (forms.length !== 1) throw new UserFault(EXIT.wrong,
    'export needs one of --reel FILE, --pcapng FILE, --json FILE');
  const file = options[forms[0]!]!;
  if (existsSync(file)) throw new UserFault(EXIT.wrong, `${file} is there already`);
  await withRun(context.places, options, reference, context.notice, async (journal, run) => {
    if (forms[0] === 'reel') {
      const reel = reelFile(resolve(file));
      await copyRun(journal, reel, run);
      await reel.close();
    } else {
      const lab = (await manifestOf(journal, run)).lab as unknown as LabSpec;
      const records = recordsInOrder(journal, run, lab);
      await writeChunks(file, forms[0] === 'pcapng' ? capture(lab, records) : jsonLines(lab, records));
    }
    context.out(`${file}\n`);
  });
}

type Records = AsyncIterable<readonly Placed[]>;

async function* capture(lab: LabSpec, records: Records): AsyncGenerator<Uint8Array> {
  yield* captureHead(lab);
  for await (const batch of records) yield* capturedFrames(lab, batch);
}

async function* jsonLines(lab: LabSpec, records: Records): AsyncGenerator<Uint8Array> {
  const names = lab.nodes.map((node) => node.name);
  for await (const batch of records) {
    yield Buffer.from(batch.map(({ node, record }) =>
      `${JSON.stringify({ node: names[node], ...recordToJson(record, historyCodec, names) })}\n`).join(''));
  }
}

/** Whole or not at all: a file that could not be finished is taken away again. */
async function writeChunks(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = openSync(path, 'wx');
  try {
    for await (const chunk of chunks) writeSync(file, chunk);
    closeSync(file);
  } catch (error) {
    closeSync(file);
    rmSync(path, { force: true });
    throw error;
  }
}

export async function importCommand(context: CommandContext, file: string): Promise<void> {
  if (!existsSync(file)) throw new UserFault(EXIT.missing, `${file}: no such file`);
  const reference = file.endsWith('.reel') ? file : `${file}.reel`;
  await withRun(context.places, {}, reference, context.notice, async (journal, run) => {
    await readRun(journal, run);
    const files = fileJournal(context.places.runs, { report: context.notice });
    await copyRun(journal, files, run);
    await files.close();
    context.out(`${run}\n`);
  });
}
