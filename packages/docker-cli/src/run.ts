// From the words of a command line to its command, and from whatever happens there to a result.

import type { Command } from './command.js';
import { findCommand, mainPage, NOUNS, nounPage } from './commands.js';
import { flagTable } from './flags/declare.js';
import { needsFlaw } from './flags/needs.js';
import { parseFlags, type ParsedFlags } from './flags/parse.js';
import { argumentFlaw, helpPage, usageAdvice } from './help.js';
import { Output } from './output.js';
import { attempt, attempted, refuse, Refusal } from './refusal.js';
import type { CliContext, CliResult, Conversation } from './step.js';
import { CLIENT } from './system/version.js';

/** Options before the command. This client has its engine given, so those that choose one are read and left alone. */
const GLOBAL_FLAGS = flagTable(`
      --config string      Location of client config files
  -c, --context string     Name of the context to use
  -D, --debug              Enable debug mode
  -H, --host list          Daemon socket to connect to
  -l, --log-level string   Set the logging level (default "info")
      --tls                Use TLS; implied by --tlsverify
      --tlscacert string   Trust certs signed only by this CA
      --tlscert string     Path to TLS certificate file
      --tlskey string      Path to TLS key file
      --tlsverify          Use TLS and verify the remote
  -v, --version            Print version information and quit
`);

const USAGE = "\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information";
const LEVELS = ['debug', 'info', 'warn', 'warning', 'error', 'fatal', 'panic', 'trace'];

/** Carries out a command line: the words after `docker`. */
export function* runDocker(words: readonly string[], context: CliContext): Conversation<CliResult> {
  const output = new Output(context.write);
  const ended = yield* attempted(dispatch(words, context, output));
  if (ended instanceof Refusal) output.complain(ended.text);
  const exit = ended instanceof Refusal ? ended.exit : ended;
  return { exit, stdout: output.text('stdout'), stderr: output.text('stderr'), chunks: output.chunks };
}

function* dispatch(line: readonly string[], context: CliContext, output: Output): Conversation<number> {
  const env = context.env ?? new Map<string, string>();
  const global = readGlobal(line, env);
  const [noun = '', verb, ...rest] = global.words as [string?, string?, ...string[]];
  if (global.flags.bool('version')) {
    output.line(`Docker version ${CLIENT.version}, build ${CLIENT.commit}`);
    return 0;
  }
  if (noun === '' || (noun === 'help' && verb === undefined)) return page(output, mainPage(),
    global.help || noun === 'help');
  if (noun === 'help') return yield* dispatch([verb!, ...rest, '--help'], context, output);
  if (NOUNS.has(noun)) {
    if (verb === undefined || verb === '--help' || verb === '-h') return page(output, nounPage(noun),
      verb !== undefined);
    return yield* runCommand(findCommand(`${noun} ${verb}`) ?? unknownVerb(noun, [verb, ...rest], env), rest, context,
      output);
  }
  const words = global.words.slice(1);
  return yield* runCommand(findCommand(noun) ?? unknownCommand(noun, words, env), words, context, output);
}

/** A help page: on standard output when it was asked for. */
function page(output: Output, text: string, asked: boolean): number {
  output.write(asked ? 'stdout' : 'stderr', text);
  return 0;
}

function readGlobal(line: readonly string[], env: ReadonlyMap<string, string>): ParsedFlags {
  const parsed = attempt(() => parseFlags(GLOBAL_FLAGS, line, { endsAtFirstWord: true, env }));
  if (parsed instanceof Refusal) refuse(`${parsed.text}${USAGE}`, 125);
  const level = parsed.flags.text('log-level');
  if (!LEVELS.includes(level)) refuse(`Unable to parse logging level: ${level}`);
  return parsed;
}

/** A flag behind a command that does not exist is complained of first. */
function unknownCommand(name: string, words: readonly string[], env: ReadonlyMap<string, string>): never {
  const flaw = attempt(() => parseFlags(GLOBAL_FLAGS, words, { endsAtFirstWord: false, env }));
  if (flaw instanceof Refusal) refuse(`${flaw.text}${USAGE}`, 125);
  return refuse(`docker: unknown command: docker ${name}\n\nRun 'docker --help' for more information`);
}

function unknownVerb(noun: string, words: readonly string[], env: ReadonlyMap<string, string>): never {
  const advice = `\n\nUsage:  docker ${noun}\n\nRun 'docker ${noun} --help' for more information`;
  const flaw = attempt(() => parseFlags(GLOBAL_FLAGS, words, { endsAtFirstWord: false, env }));
  if (flaw instanceof Refusal) refuse(`${flaw.text}${advice.replace(`docker ${noun}\n`, `docker ${noun} COMMAND\n`)}`,
    125);
  return refuse(`docker: unknown command: docker ${noun} ${words[0]}${advice}`);
}

function* runCommand(found: { readonly command: Command; readonly title: string }, line: readonly string[],
  context: CliContext, output: Output): Conversation<number> {
  const { command, title } = found;
  const env = context.env ?? new Map<string, string>();
  const parsed =
    attempt(() => parseFlags(command.flags, line, { endsAtFirstWord: command.endsAtFirstWord === true, env }));
  if (parsed instanceof Refusal) refuse(`${parsed.text}${usageAdvice(command, title)}`, 125);
  for (const notice of parsed.notices) output.line(notice);
  if (parsed.help) return page(output, helpPage(command, title), true);
  const flaw = needsFlaw(command.flags, parsed.flags, context) ??
    argumentFlaw(command.words, parsed.words.length, command, title);
  if (flaw !== undefined) refuse(flaw);
  return yield* command.run({ title, flags: parsed.flags, words: parsed.words, context, output });
}
