// Recorded runs as files: out as a reel, a capture or lines of JSON, and reels in.

import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { historyCodec, recordToJson } from '@netreel/protocol';
import { type Journal, copyRun, fileJournal, reelFile } from '@netreel/runtime';
import { type LabSpec, type SimTime, formatTime } from '@netreel/sim';
import { Timeline, captureHead, capturedFrames, perfettoEvents, perfettoNames } from '@netreel/views';
import { EXIT, UserFault } from '../fault.js';
import { momentOf } from '../moment.js';
import { manifestOf } from '../past/open.js';
import { recordsInOrder } from '../past/records.js';
import { captureDevices } from '../relive/capturing.js';
import { readRecipe } from '../relive/recipe.js';
import { readRun } from '../running/histories.js';
import { type JournalChoice, withRun } from '../running/journals.js';
import type { CommandContext } from './context.js';

/** Which form a run is written out in; exactly one is given. */
export interface ExportForms {
  readonly reel?: string;
  readonly pcapng?: string;
  readonly json?: string;
  readonly perfetto?: string;
}

/** What of a run is written out. */
export interface ExportChoice {
  /** Devices whose frames a capture has, instead of what crossed the underlay. */
  readonly device?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

const FORMS = ['reel', 'pcapng', 'json', 'perfetto'] as const;

export async function exportCommand(context: CommandContext, reference: string,
  options: JournalChoice & ExportForms & ExportChoice): Promise<void> {
  const forms = FORMS.filter((form) => options[form] !== undefined);
  if (forms.length !== 1) throw new UserFault(EXIT.wrong,
    `export needs one of ${FORMS.map((form) => `--${form} FILE`).join(', ')}`);
  const form = forms[0]!;
  const file = options[form]!;
  if (existsSync(file)) throw new UserFault(EXIT.wrong, `${file} is there already`);
  const span = { from: momentOf(options.from ?? '0'), upTo: momentOf(options.to ?? 'end') };
  await withRun(context.places, options, reference, context.notice, async (journal, run) => {
    switch (form) {
      case 'reel': await exportReel(journal, run, file); break;
      case 'pcapng': await exportCapture(journal, run, file, span, options.device); break;
      case 'json': await writeChunks(file, jsonLines(await labOf(journal, run), journal, run, span)); break;
      case 'perfetto': await writeChunks(file, perfettoTrace(await labOf(journal, run), journal, run, span)); break;
    }
    context.out(`${file}\n`);
  });
}

interface ExportSpan { readonly from: SimTime; readonly upTo: SimTime }

async function labOf(journal: Journal, run: string): Promise<LabSpec> {
  return (await manifestOf(journal, run)).lab as unknown as LabSpec;
}

async function exportReel(journal: Journal, run: string, file: string): Promise<void> {
  const reel = reelFile(resolve(file), { packed: true });
  await copyRun(journal, reel, run);
  await reel.close();
}

async function exportCapture(journal: Journal, run: string, file: string, span: ExportSpan,
  devices: readonly string[] | undefined): Promise<void> {
  if (devices === undefined) {
    await writeChunks(file, underlayCapture(await labOf(journal, run), journal, run, span));
    return;
  }
  const recipe = await readRecipe(journal, run);
  const choice = { from: span.from, to: span.upTo,
    devices: devices.map((device) => (device === 'all' ? '*' : device)) };
  const packets = wholeFile(file, (write) => captureDevices(recipe, choice, write));
  if (packets > 0) return;
  rmSync(file);
  throw new UserFault(EXIT.missing, `no frame passed ${devices.join(', ')}; \`--device all\` captures every device, ` +
    'and shows what they are called');
}

async function* underlayCapture(lab: LabSpec, journal: Journal, run: string,
  span: ExportSpan): AsyncGenerator<Uint8Array> {
  yield* captureHead(lab);
  for await (const batch of recordsInOrder(journal, run, lab, span)) yield* capturedFrames(lab, batch);
}

async function* jsonLines(lab: LabSpec, journal: Journal, run: string,
  span: ExportSpan): AsyncGenerator<Uint8Array> {
  const names = lab.nodes.map((node) => node.name);
  for await (const batch of recordsInOrder(journal, run, lab, span)) {
    yield Buffer.from(batch.map(({ node, record }) =>
      `${JSON.stringify({ node: names[node], ...recordToJson(record, historyCodec, names) })}\n`).join(''));
  }
}

async function* perfettoTrace(lab: LabSpec, journal: Journal, run: string,
  { from, upTo }: ExportSpan): AsyncGenerator<Uint8Array> {
  const timeline = new Timeline(lab);
  yield Buffer.from(`{"displayTimeUnit":"ns","traceEvents":[\n${[...perfettoNames(lab)]
    .map((event) => JSON.stringify(event)).join(',\n')}`);
  // From the beginning: what things are called later is said there.
  for await (const batch of recordsInOrder(journal, run, lab, { upTo })) {
    let text = '';
    for (const placed of batch) {
      const line = timeline.tell(placed);
      if (line.at < from) continue;
      for (const event of perfettoEvents(placed, line)) text += `,\n${JSON.stringify(event)}`;
    }
    yield Buffer.from(text);
  }
  yield Buffer.from('\n]}\n');
}

/** The same for chunks that come by call. */
function wholeFile<T>(path: string, fill: (write: (chunk: Uint8Array) => void) => T): T {
  const file = openSync(path, 'wx');
  try {
    const result = fill((chunk) => writeSync(file, chunk));
    closeSync(file);
    return result;
  } catch (error) {
    closeSync(file);
    rmSync(path, { force: true });
    throw error;
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

/** Takes a run in. Of a damaged file what is good comes in under a name that says so, and the first damage is told. */
export async function importCommand(context: CommandContext, file: string): Promise<void> {
  if (!existsSync(file)) throw new UserFault(EXIT.missing, `${file}: no such file`);
  const damages: string[] = [];
  const notices: string[] = [];
  const journal = reelFile(resolve(file), { report: (notice) => notices.push(notice),
    salvage: (damage) => damages.push(damage) });
  const files = fileJournal(context.places.runs, { report: context.notice });
  try {
    const [manifest] = await journal.runs();
    if (manifest === undefined) {
      throw new UserFault(EXIT.damaged, notices.pop() ?? `${file}: holds no run that can be read`);
    }
    const { run } = await manifestOf(journal, manifest.run);
    await journal.nodes(run);
    if (damages.length > 0) {
      const [first] = damages;
      const { nodes } = manifest.lab as unknown as LabSpec;
      const kept = await keepGood(journal, files, run, nodes.map(({ name }) => name));
      throw new UserFault(EXIT.damaged, `${first}; what is good is kept as ${kept}`);
    }
    notices.forEach(context.notice);
    await readRun(journal, run);
    await copyRun(journal, files, run);
    context.out(`${run}\n`);
  } finally {
    await files.close();
    await journal.close();
  }
}

/** Under a free name; answers it, and how far each node's history goes. */
async function keepGood(journal: Journal, files: Journal, run: string, names: readonly string[]): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const as = `${run}-damaged${attempt === 1 ? '' : `-${attempt}`}`;
    if (await files.manifest(as) !== undefined) continue;
    await copyRun(journal, files, run, as, false);
    const ends: string[] = [];
    for (const name of names) {
      const { number, id } = await files.last(as, name);
      ends.push(`${name} ${number === 0 ? 'nothing' : `until ${formatTime(Number(id.split('-')[0]))}`}`);
    }
    return `${as} (${ends.join(', ')})`;
  }
}
