// What a container wrote, and what runs in it.

import { atLeast, type Command, exactly, type Invocation } from '../command.js';
import { command } from '../daemon.js';
import { flagTable, noFlags } from '../flags/declare.js';
import { dig, listOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { dateFlaw } from '../table/calendar.js';
import { setColumns, TOP_COLUMNS } from '../table/columns.js';
import { momentQuery } from '../table/moment.js';
import { goQuote } from '../template/number.js';
import { processStreams, relay } from './attach.js';

export const containerLogs: Command = {
  paths: ['container logs', 'logs'],
  usage: '[OPTIONS] CONTAINER',
  about: 'Fetch the logs of a container',
  flags: flagTable(`
      --details        Show extra details provided to logs
  -f, --follow         Follow log output
      --since string   Show logs since timestamp (e.g.
                       "2013-01-02T13:23:37Z") or relative (e.g. "42m"
                       for 42 minutes)
  -n, --tail string    Number of lines to show from the end of the logs
                       (default "all")
  -t, --timestamps     Show timestamps
      --until string   Show logs before a timestamp (e.g.
                       "2013-01-02T13:23:37Z") or relative (e.g. "42m"
                       for 42 minutes)
`),
  words: exactly(1),
  run: logs,
};

function* logs({ flags, words, context, output }: Invocation): Conversation<number> {
  const { body } = yield* command('GET', `/containers/${words[0]}/json`);
  const moment = (name: string): { readonly [name: string]: string } => {
    if (flags.text(name) === '') return {};
    const typed = flags.text(name);
    const wrong = dateFlaw(typed);
    if (wrong !== undefined) refuse(`invalid value for "${name}": parsing time ${goQuote(typed)}: ${wrong}`);
    const problem = `invalid value for "${name}": failed to parse value as time or duration: ${goQuote(typed)}`;
    return { [name]: momentQuery(typed, context.now) ?? refuse(problem) };
  };
  const tty = dig(body, 'Config', 'Tty') === true;
  const answer = yield* command('GET', `/containers/${textOf(dig(body, 'Id'))}/logs`, {
    stdout: '1', stderr: '1', ...moment('since'), ...moment('until'),
    ...(flags.bool('timestamps') ? { timestamps: '1' } : {}), ...(flags.bool('details') ? { details: '1' } : {}),
    ...(flags.bool('follow') ? { follow: '1' } : {}), tail: flags.text('tail'),
  }, null, processStreams(output, tty, false));
  relay(output, answer, tty);
  return 0;
}

export const containerTop: Command = {
  paths: ['container top', 'top'],
  usage: 'CONTAINER [ps OPTIONS]',
  about: 'Display the running processes of a container',
  flags: noFlags,
  words: atLeast(1),
  endsAtFirstWord: true,
  *run({ words, output }) {
    const [container, ...options] = words as [string, ...string[]];
    const { body } =
      yield* command('GET', `/containers/${container}/top`, options.length === 0 ? {} : { ps_args: options.join(' ') });
    const rows = [listOf(dig(body, 'Titles')), ...listOf(dig(body, 'Processes')).map(listOf)];
    output.write('stdout', setColumns(rows.map((row) => `${row.map(textOf).join('\t')}\n`).join(''), TOP_COLUMNS));
    return 0;
  },
};
