// Case files: what was typed at a real engine and what it answered. README.md tells the format.

/** One typed line and what came of it. */
export interface CaseStep {
  /** Of the `$` line, from 1. */
  readonly line: number;
  readonly host: string;
  readonly command: string;
  readonly stdout: string[];
  readonly stderr: string[];
  exit: number;
  unordered: boolean;
  exitOnly: boolean;
  until: { readonly seconds: number; readonly pattern: RegExp } | undefined;
}

export interface Case {
  readonly name: string;
  readonly hosts: number;
  /** How many of the hosts are in one swarm from the start. */
  readonly swarm: number;
  /** Numbers the engine draws from the ephemeral ports are compared by their order of appearance only. */
  readonly ephemeralPorts: boolean;
  readonly steps: readonly CaseStep[];
}

export function readCase(name: string, text: string): Case {
  const settings = new Map<string, string>();
  const steps: CaseStep[] = [];
  text.split('\n').forEach((line, index) => {
    if (line === '') return;
    const setting = /^# (hosts|swarm|unordered|ephemeral-ports)(?:: *(.*))?$/.exec(line);
    if (setting !== null) settings.set(setting[1]!, setting[2] ?? '');
    if (line.startsWith('#')) return;
    const rest = line.slice(2);
    if (line[0] === '$') steps.push(typed(rest, index + 1, settings.has('unordered')));
    else if (!annotate(steps.at(-1), line[0]!, rest)) throw new Error(`${name}:${index + 1}: not a line of a case`);
  });
  const swarm = Number(settings.get('swarm') ?? 0);
  return { name, steps, swarm, hosts: Math.max(1, swarm, Number(settings.get('hosts') ?? 1)),
    ephemeralPorts: settings.has('ephemeral-ports') };
}

function typed(text: string, line: number, unordered: boolean): CaseStep {
  const [, host = 'host1', command] = /^(?:@(\S+) +)?(.*)$/.exec(text)!;
  return {
    line, host, command: command!, stdout: [], stderr: [], exit: 0, unordered, exitOnly: false, until: undefined,
  };
}

function annotate(step: CaseStep | undefined, mark: string, rest: string): boolean {
  if (step === undefined) return false;
  if (mark === '>') step.stdout.push(rest);
  else if (mark === '!') step.stderr.push(rest);
  else if (mark === '?') step.exit = Number(rest);
  else if (mark === '%') return option(step, rest);
  else return false;
  return true;
}

function option(step: CaseStep, text: string): boolean {
  const until = /^until (\d+) (.+)$/.exec(text);
  if (until !== null) step.until = { seconds: Number(until[1]), pattern: new RegExp(until[2]!) };
  else if (text === 'unordered') step.unordered = true;
  else if (text === 'ignore') step.exitOnly = true;
  else return false;
  return true;
}
