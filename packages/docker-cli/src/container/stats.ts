// docker stats: what containers use, once. A stream of tables that redraw themselves needs a terminal that stays open.

import type { Json } from '@netreel/sim';
import { atLeast, type Command, type Invocation } from '../command.js';
import { command, refusalOf, request, succeeded } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { LISTING_FORMAT } from '../flags/format.js';
import { dig, listOf, numberOf, recordOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { column, type Listing, readFormat, writeListing } from '../table/listing.js';
import { binarySize, shortId, sizeText } from '../table/words.js';

export const containerStats: Command = {
  paths: ['container stats', 'stats'],
  usage: '[OPTIONS] [CONTAINER...]',
  about: 'Display a live stream of container(s) resource usage statistics',
  flags: flagTable(`
  -a, --all             Show all containers (default shows just running)
${LISTING_FORMAT}      --no-stream       Disable streaming stats and only pull the first result
      --no-trunc        Do not truncate output
`),
  words: atLeast(0),
  run: stats,
};

const TABLE = '{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}';

interface Row {
  /** As it was typed, or its id. */
  readonly container: string;
  readonly stats: Json;
}

function* stats({ flags, words, output }: Invocation): Conversation<number> {
  if (!flags.bool('no-stream')) {
    refuse('a stream of statistics needs a terminal that stays: say --no-stream for one look');
  }
  const names = words.length > 0 ? words : yield* listed(flags.bool('all'));
  // Asked for side by side, as each takes a second.
  for (const [handle, name] of names.entries()) {
    yield { kind: 'begin', handle, request: request('GET', `/containers/${name}/stats`, { stream: '0' }) };
  }
  const rows: Row[] = [];
  const refusals: string[] = [];
  for (const [handle, container] of names.entries()) {
    const answer = yield { kind: 'answer', handle };
    if (answer !== undefined && succeeded(answer)) rows.push({ container, stats: answer.body });
    else if (answer !== undefined) refusals.push(refusalOf(answer).text);
  }
  if (refusals.length > 0) refuse(refusals.join(', '));
  writeListing(output, listing(flags.bool('no-trunc')), readFormat(flags.text('format'), TABLE), rows);
  return 0;
}

function* listed(all: boolean): Conversation<readonly string[]> {
  const { body } = yield* command('GET', '/containers/json', all ? { all: '1' } : {});
  return listOf(body).map((container) => textOf(dig(container, 'Id')).slice(0, 12));
}

function listing(whole: boolean): Listing<Row> {
  return {
    type: '*container.statsContext',
    titles: new Map([['Container', 'CONTAINER'], ['ID', 'CONTAINER ID'], ['Name', 'NAME'], ['CPUPerc', 'CPU %'],
      ['MemUsage', 'MEM USAGE / LIMIT'], ['MemPerc', 'MEM %'], ['NetIO', 'NET I/O'], ['BlockIO', 'BLOCK I/O'],
      ['PIDs', 'PIDS']]),
    columns: ({ container, stats: told }) => {
      const id = textOf(dig(told, 'id'));
      const used = Math.max(numberOf(dig(told, 'memory_stats', 'usage')) -
        numberOf(dig(told, 'memory_stats', 'stats', 'total_inactive_file')), 0);
      const limit = numberOf(dig(told, 'memory_stats', 'limit'));
      return new Map([
        ['Container', column(() => container)], ['ID', column(() => (whole ? id : shortId(id)))],
        ['Name', column(() => textOf(dig(told, 'name')).replace(/^\//, '') || '--')],
        ['CPUPerc', column(() => `${cpuShare(told).toFixed(2)}%`)],
        ['MemUsage', column(() => `${binarySize(used)} / ${binarySize(limit)}`)],
        ['MemPerc', column(() => `${(limit === 0 ? 0 : (used / limit) * 100).toFixed(2)}%`)],
        ['NetIO', column(() =>
          `${sizeText(carried(told, 'rx_bytes'), 3)} / ${sizeText(carried(told, 'tx_bytes'), 3)}`)],
        ['BlockIO', column(() => '0B / 0B')],
        ['PIDs', column(() => String(numberOf(dig(told, 'pids_stats', 'current'))))],
      ]);
    },
  };
}

/** In hundredths of one processor's time. */
function cpuShare(told: Json): number {
  const total = (when: string): number => numberOf(dig(told, when, 'cpu_usage', 'total_usage'));
  const system = (when: string): number => numberOf(dig(told, when, 'system_cpu_usage'));
  const [used, passed] = [total('cpu_stats') - total('precpu_stats'), system('cpu_stats') - system('precpu_stats')];
  return used > 0 && passed > 0 ? (used / passed) * numberOf(dig(told, 'cpu_stats', 'online_cpus')) * 100 : 0;
}

function carried(told: Json, way: string): number {
  return Object.values(recordOf(dig(told, 'networks'))).reduce<number>((sum, each) => sum + numberOf(dig(each, way)),
    0);
}
