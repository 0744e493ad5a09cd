// Types the lines of a case on the hosts of a lab: `docker` goes to the command line under test, everything else to the
// simulated host's own shell.

import { spawnSync } from 'node:child_process';
import { epochSeconds } from '@netreel/sim';
import type { TestLab } from '@netreel/testkit';
import type { CommandResult } from '@netreel/world';
import { NotRead, readLine, type Part, type Simple, type Stage, type Word } from './typed-line.js';

const NOTHING: CommandResult = { exit: 0, stdout: '', stderr: '' };
const SECOND = 1_000_000_000;

export class Typist {
  private readonly variables = new Map<string, string>();

  constructor(private readonly lab: TestLab, private readonly host: string) {
    // $HOST1 stands for whatever addresses the first host's engine: here its name does.
    for (const { name, kind } of lab.lab.nodes) {
      const number = /^host(\d+)$/.exec(name)?.[1];
      if (kind === 'host' && number !== undefined) this.variables.set(`HOST${number}`, name);
    }
  }

  type(line: string): CommandResult {
    return this.list(readLine(line));
  }

  private list(pipelines: readonly (readonly Stage[])[]): CommandResult {
    let all = NOTHING;
    for (const stages of pipelines) all = joined(all, this.pipeline(stages));
    return all;
  }

  private pipeline(stages: readonly Stage[]): CommandResult {
    let sofar = NOTHING;
    stages.forEach((stage, place) => {
      const input = place === 0 ? undefined : sofar.stdout;
      const ended = stage.kind === 'simple' ? this.simple(stage, input) : this.loop(stage);
      sofar = { ...ended, stderr: sofar.stderr + ended.stderr };
    });
    return sofar;
  }

  private loop({ variable, words, body }: Extract<Stage, { kind: 'for' }>): CommandResult {
    let all = NOTHING;
    for (const value of words.flatMap((word) => this.expand(word))) {
      this.variables.set(variable, value);
      all = joined(all, this.list(body));
    }
    return all;
  }

  private simple({ words, redirections }: Simple, input: string | undefined): CommandResult {
    const argv = words.flatMap((word) => this.expand(word));
    return redirections.reduce(redirected, this.run(argv, input));
  }

  private run(argv: readonly string[], input: string | undefined): CommandResult {
    switch (argv[0]) {
      case 'docker': return this.docker(argv, input);
      // The clock of whoever types runs with the lab's.
      case 'date': return { ...NOTHING, stdout: `${epochSeconds() + Math.floor(this.lab.now / SECOND)}\n` };
      // Editing tools that a simulated host does not have.
      case 'awk':
      case 'sed': return tool(argv, input ?? '');
      default: return this.shell(argv, input);
    }
  }

  private docker(argv: readonly string[], input: string | undefined): CommandResult {
    if (input !== undefined) throw new NotRead('docker reading from a pipe');
    const elsewhere = argv[1] === '-H';
    const [host, words] = elsewhere ? [argv[2]!, [argv[0]!, ...argv.slice(3)]] : [this.host, argv];
    const result = this.lab.command(host, words.map(quoted).join(' '), 60 * SECOND);
    return result ?? { exit: -1, stdout: '', stderr: 'not done after 60 s\n' };
  }

  private shell(argv: readonly string[], input: string | undefined): CommandResult {
    const pipe = input === undefined ? '' : `printf %s ${quoted(input)} | `;
    const { exitCode, stdout, stderr } = this.lab.shell(this.host, pipe + argv.map(quoted).join(' '));
    if (exitCode === 127) throw new NotRead(`a host without ${argv[0]}`);
    return { exit: exitCode, stdout, stderr };
  }

  private sum(text: string): string {
    return this.shell(['sh', '-c', `echo $((${text}))`], undefined).stdout.trim();
  }

  private expand(word: Word): string[] {
    const texts = [''];
    let kept = false;
    for (const part of word) {
      const [first, ...more] = this.fieldsOf(part);
      texts.push(texts.pop()! + (first ?? ''), ...more);
      kept ||= part.kind !== 'output' || part.quoted || first !== undefined;
    }
    return kept ? texts : [];
  }

  private fieldsOf(part: Part): string[] {
    switch (part.kind) {
      case 'text': return [part.text];
      case 'variable': return [this.variables.get(part.name) ?? ''];
      case 'sum': return [this.sum(this.expand(part.parts).join(' '))];
      case 'output': {
        const text = this.list(part.commands).stdout.replace(/\n+$/, '');
        return part.quoted ? [text] : text.split(/\s+/).filter((field) => field !== '');
      }
    }
  }
}

function tool([name, ...words]: readonly string[], input: string): CommandResult {
  const { status, stdout, stderr } = spawnSync(name!, words, { input, encoding: 'utf8' });
  return { exit: status ?? -1, stdout, stderr };
}

function joined(before: CommandResult, after: CommandResult): CommandResult {
  return { exit: after.exit, stdout: before.stdout + after.stdout, stderr: before.stderr + after.stderr };
}

function redirected(ended: CommandResult, redirection: string): CommandResult {
  if (redirection === '2>&1') return { ...ended, stdout: ended.stdout + ended.stderr, stderr: '' };
  if (redirection.startsWith('<')) return ended;
  return redirection.startsWith('2') ? { ...ended, stderr: '' } : { ...ended, stdout: '' };
}

function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
