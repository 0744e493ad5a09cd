// The netreel command: what it understands, and how it ends.

import { API_VERSION } from '@netreel/docker-api';
import { JournalFault } from '@netreel/runtime';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { atCommand } from './command/at.js';
import { completionScript } from './command/completion.js';
import type { CommandContext } from './command/context.js';
import { diffCommand } from './command/diff.js';
import { eventsCommand, listCommand, verifyCommand } from './command/recorded.js';
import { type ForkOptions, forkCommand } from './command/fork.js';
import { type ReplayOptions, replayCommand, tailCommand } from './command/replay.js';
import { type RunOptions, runCommand } from './command/run.js';
import { tourCommand } from './command/tour.js';
import { type UpOptions, dockerCommand, downCommand,
  envCommand, resetCommand, stepCommand, upCommand } from './command/up.js';
import { type ExportChoice, type ExportForms, exportCommand, importCommand } from './command/transfer.js';
import { type WhyLostOptions, whyLostCommand } from './command/why-lost.js';
import { whyCommand } from './command/why.js';
import { EXIT, UserFault } from './fault.js';
import { placesOf } from './places.js';
import { HOSTS_MAX } from './scenario/shape.js';
import type { JournalChoice } from './running/journals.js';
import { CODE_VERSION } from './running/manifest.js';

const seed = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
};

const hostCount = (text: string): number => {
  const count = Number(text);
  if (!(Number.isInteger(count) && count >= 1 && count <= HOSTS_MAX)) {
    throw new InvalidArgumentError(`expected 1 to ${HOSTS_MAX}`);
  }
  return count;
};

const factor = (text: string): number => {
  const number = Number(text.replace(/x$/, ''));
  if (!(number > 0)) throw new InvalidArgumentError('expected a factor above 0, such as 1 or 0.5');
  return number;
};

/** Every command with its arguments and options. `behind`: the words after a `--`, which are another program's. */
export function programOf(context: CommandContext, behind: readonly string[] = []): Command {
  const program = new Command('netreel')
    .description('A Docker network that you can break, rewind and replay.')
    .version(CODE_VERSION)
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({
      writeOut: context.out,
      writeErr: context.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'netreel: ')),
    })
    .showHelpAfterError('(netreel --help shows what there is)');
  addLive(program, context);
  addRuns(program, context);
  addReading(program, context, behind);
  addTransfer(program, context);
  return program;
}

const mode = (): Option =>
  new Option('--mode <mode>', 'all nodes in this process, or one process a host over NATS and Redis')
    .choices(['embedded', 'processes']);
const redis = (): Option =>
  new Option('--redis [url]', 'read from Redis: a server that runs, or the project\'s own data');

function addLive(program: Command, context: CommandContext): void {
  program.command('up').argument('[file]', 'a scenario: its hosts and its underlay')
    .description('start a lab that lives, with a Docker socket for each host')
    .option('--hosts <number>', 'without a file: host1, host2 and so on', hostCount)
    .addOption(new Option('--mode <mode>', 'all in one process, or a process for each host')
      .choices(['embedded', 'processes']).default('embedded'))
    .addOption(new Option('--pace <pace>', 'with the wall clock, or ahead of it while somebody waits')
      .choices(['1x', 'max']).default('1x'))
    .option('-d, --detach', 'come back as soon as every host answers')
    .addOption(new Option('--api <version>', 'the newest Docker API that the hosts speak').default(API_VERSION))
    .option('--seed <number>', 'of all that is chance in this lab', seed)
    .option('--tcp <[address:]port>', 'listen there too: the first host, each further one at the next port')
    .option('--tls <folder>', 'ca.pem, cert.pem and key.pem, for --tcp beyond this machine')
    .action((file: string | undefined, options: UpOptions) => upCommand(context, file, options));
  program.command('env').argument('<host>')
    .description('print what makes docker talk to a host of the lab: eval "$(netreel env host1)"')
    .action((host: string) => envCommand(context, host));
  program.command('docker').argument('<host>').argument('[words...]', 'as behind docker')
    .description('the built-in docker command line, on a host of the lab')
    .helpOption(false).allowUnknownOption().passThroughOptions()
    .action((host: string, words: string[]) => dockerCommand(context, host, words));
  program.command('down')
    .description('end the lab; its history stays')
    .action(() => downCommand(context));
  program.command('reset')
    .description('fresh hosts behind the same sockets')
    .action(() => resetCommand(context));
  program.command('step').argument('[windows]', 'how many', seed, 1)
    .description('let the lab live its next windows at once, whatever the clock says')
    .action((windows: number) => stepCommand(context, windows));
}

function addRuns(program: Command, context: CommandContext): void {
  program.command('run').argument('<file>', 'a scenario')
    .description('run a scenario to its end and judge it')
    .addOption(mode().default('embedded'))
    .option('--seed <number>', 'instead of the file\'s', seed)
    .option('--standby', 'over processes: another one follows each, and takes over at once when it dies')
    .option('--json', 'one object on the last line of standard output')
    .action((file: string, options: RunOptions) => runCommand(context, file, options));
  program.command('tour')
    .description('the tour, over processes, and once more in one process')
    .addOption(mode().default('processes'))
    .action((options: { mode: 'embedded' | 'processes' }) => tourCommand(context, options.mode));
  program.command('fork').argument('<run>')
    .description('a new run that shares the past of a recorded one and goes on differently')
    .requiredOption('--at <moment>')
    .addOption(redis())
    .option('--seed <number>', 'chance takes another way from there on', seed)
    .option('--add <step...>', 'a step of a scenario, such as "host1: docker rm -f a" or "fault: { loss: 10% }"')
    .option('--alone', 'only what is added follows, not the rest of the scenario')
    .option('--json', 'one object on the last line of standard output')
    .action((run: string, options: ForkOptions) => forkCommand(context, run, options));
  program.command('verify').argument('<run>')
    .description('live a recorded run again and compare every record')
    .addOption(redis())
    .option('--json')
    .action((run: string, options) => verifyCommand(context, run, options));
}

function addReading(program: Command, context: CommandContext, behind: readonly string[]): void {
  program.command('ls')
    .description('recorded runs, oldest first')
    .addOption(redis())
    .option('--json')
    .action((options) => listCommand(context, options));
  program.command('events').argument('<run>')
    .description('what happened, a line a record')
    .addOption(redis())
    .option('--json', 'an object a line')
    .option('--node <name>')
    .option('--type <record>', 'such as FdbLearned')
    .option('--from <moment>')
    .option('--to <moment>')
    .action((run: string, options) => eventsCommand(context, run, options));
  program.command('at').argument('<run>').argument('<moment>', 'such as 12.5s, or end')
    .usage('<run> <moment> [--host <name>] [--redis [url]] -- docker …')
    .description('ask docker, or a line typed on a host, about a recorded moment')
    .addOption(redis())
    .option('--host <name>', 'the first host if not given')
    .action((run: string, moment: string, options) => atCommand(context, run, moment, behind, options));
  program.command('replay').argument('<run>')
    .description('tell a recorded run, or one that is being recorded, line by line')
    .addOption(redis())
    .option('--from <moment>')
    .option('--to <moment>')
    .option('--speed <factor>', 'virtual seconds a second; as fast as it goes if not given', factor)
    .option('--follow', 'go on as long as the run does')
    .option('--host <name...>', 'these nodes only')
    .option('--kind <kind...>', 'such as container, link, neighbour, fault, frame or all')
    .action((run: string, options: ReplayOptions) => replayCommand(context, run, options));
  program.command('tail').argument('<run>')
    .description('every record of a run as it is recorded, an object a line')
    .addOption(redis())
    .action((run: string, options) => tailCommand(context, run, options));
  program.command('why').argument('<run>').argument('<event>', 'such as host1/123')
    .description('what brought a record about, back to the beginning')
    .addOption(redis())
    .option('--json')
    .action((run: string, event: string, options) => whyCommand(context, run, event, options));
  program.command('why-lost').argument('<run>').argument('[packet...]', 'such as icmp and host 10.0.1.2')
    .description('packets that were lost, hop by hop to where and why')
    .addOption(redis())
    .option('--from <moment>')
    .option('--to <moment>')
    .option('--host <name...>', 'only those that these nodes saw')
    .option('--most <number>', 'show no more than that', seed)
    .option('--json')
    .action((run: string, packet: string[], options: WhyLostOptions) => whyLostCommand(context, run, packet, options));
  program.command('diff').argument('<run>').argument('<run>')
    .description('where two recorded runs part')
    .addOption(redis())
    .action((first: string, second: string, options) => diffCommand(context, first, second, options));
}

function addTransfer(program: Command, context: CommandContext): void {
  program.command('export').argument('<run>')
    .description('a recorded run as a file')
    .addOption(redis())
    .option('--reel <file>', 'the whole run, to be sent to somebody')
    .option('--pcapng <file>', 'what crossed the underlay, for Wireshark')
    .option('--json <file>', 'a line for each record')
    .option('--perfetto <file>', 'a trace for ui.perfetto.dev and chrome://tracing')
    .option('--device <name...>', 'with --pcapng: frames at these devices, such as host1/docker0, host1/*box or all')
    .option('--from <moment>')
    .option('--to <moment>')
    .action((run: string, options: JournalChoice & ExportForms & ExportChoice) => exportCommand(context, run, options));
  program.command('import').argument('<file>', 'a .reel')
    .description('takes a recorded run in')
    .action((file: string) => importCommand(context, file));
  program.command('completion')
    .addArgument(program.createArgument('<shell>').choices(['bash', 'zsh', 'fish']))
    .description('prints completion for a shell')
    .action((shell: 'bash' | 'zsh' | 'fish') => context.out(completionScript(program, shell)));
}

/** Runs one command line. Never throws for a user's mistake; a bug of ours says so and shows where. */
export async function main(words: readonly string[], root: string): Promise<void> {
  const out = (text: string): void => { process.stdout.write(text); };
  const err = (text: string): void => { process.stderr.write(text); };
  // Whoever reads us may stop reading (`| head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const context: CommandContext = {
    places: placesOf(root, process.env),
    out,
    err,
    colour: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
    notice: (text) => err(`netreel: ${text}\n`),
    exit: (status) => { process.exitCode = status; },
  };
  try {
    // Behind a host everything is docker's.
    const cut = words[0] === 'docker' ? -1 : words.indexOf('--');
    const own = cut < 0 ? words : words.slice(0, cut);
    await programOf(context, cut < 0 ? [] : words.slice(cut + 1)).parseAsync([...own], { from: 'user' });
  } catch (error) {
    process.exitCode = statusOf(error, err);
  }
}

const JOURNAL_STATUS: Readonly<Record<JournalFault['code'], number>> = {
  exists: EXIT.wrong,
  missing: EXIT.missing,
  'bad-name': EXIT.wrong,
  damaged: EXIT.damaged,
  version: EXIT.damaged,
  unavailable: EXIT.unreachable,
};

function statusOf(error: unknown, err: (text: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.held : EXIT.wrong;
  if (error instanceof UserFault) {
    err(`netreel: ${error.message}\n`);
    return error.exit;
  }
  if (error instanceof JournalFault) {
    err(`netreel: ${error.message}\n`);
    return JOURNAL_STATUS[error.code];
  }
  err(`netreel: a bug, please report it: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  return EXIT.bug;
}
