// Recorded runs as files: out as a reel, a capture or lines of JSON, and reels in.

import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { historyCodec, recordToJson } from '@netreel/protocol';
import { copyRun, fileJournal, reelFile } from '@netreel/runtime';
import { captureBlocks, inOrder } from '@netreel/views';
import { EXIT, UserFault } from '../fault.js';
import { type RecordedRun, readRun } from '../running/histories.js';
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
      const { lab, histories } = await readRun(journal, run);
      const names = lab.nodes.map((node) => node.name);
      writeChunks(file, forms[0] === 'pcapng' ? captureBlocks(lab, inOrder(histories)) : jsonLines(histories, names));
    }
    context.out(`${file}\n`);
  });
}

function* jsonLines(histories: RecordedRun['histories'], names: readonly string[]): Generator<Uint8Array> {
  for (const { node, record } of inOrder(histories)) {
    yield Buffer.from(`${JSON.stringify({ node: names[node], ...recordToJson(record, historyCodec, names) })}\n`);
  }
}

/** Whole or not at all: a file that could not be finished is taken away again. */
function writeChunks(path: string, chunks: Iterable<Uint8Array>): void {
  const file = openSync(path, 'wx');
  try {
    for (const chunk of chunks) writeSync(file, chunk);
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
