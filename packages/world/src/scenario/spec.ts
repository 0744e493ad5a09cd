// A scenario as data: what a scenario file says once it has been read and found right.

import type { FaultRule } from '@netreel/host';
import type { LabSpec, SimTime } from '@netreel/sim';

/**
 * What a command's end is compared with. A text is matched as a regular expression when it was written as /…/, else it
 * must occur.
 */
export interface Expectation {
  readonly exit?: number;
  readonly stdout?: TextMatch;
  readonly stderr?: TextMatch;
  /** Texts that must not occur in the standard output. */
  readonly not?: TextMatch;
}

export interface TextMatch {
  readonly source: string;
  readonly matches: (text: string) => boolean;
}

interface StepHead {
  /** Line in the file, from 1. */
  readonly line: number;
  /** What the step shows, in a person's words. */
  readonly title: string;
  /** Starts at this moment instead of after the step before. */
  readonly at?: SimTime;
}

export interface CommandStep extends StepHead {
  readonly kind: 'command';
  readonly host: string;
  /** As typed: `docker …`, or a shell line for the host itself. */
  readonly command: string;
  readonly background: boolean;
  readonly expect?: Expectation;
  /** Repeats the command, a second of virtual time apart, until the expectation holds, for at most this long. */
  readonly withinNs?: number;
  /** Later commands find what it printed, without the newline at its end, where they say `${NAME}`. */
  readonly save?: string;
}

export interface FaultStep extends StepHead {
  readonly kind: 'fault';
  /** Without `since` and `until`: they count from the moment at which the step is taken. */
  readonly rules: readonly FaultRule[];
  /** How long the rules hold; undefined until they are lifted. */
  readonly forNs?: number;
}

export interface LiftStep extends StepHead {
  readonly kind: 'lift';
  readonly ids: readonly string[];
}

export interface WaitStep extends StepHead {
  readonly kind: 'wait';
  readonly ns: number;
}

export type Step = CommandStep | FaultStep | LiftStep | WaitStep;

/** Named checks that are asked of the whole lab after every step. */
export interface AlwaysCheck {
  readonly name: 'unique-addresses' | 'tables-agree';
  readonly withinNs: number;
}

export interface Scenario {
  readonly name: string;
  /** What commands that read files of their client find: texts by path. */
  readonly files?: { readonly [path: string]: string };
  readonly lab: LabSpec;
  /** Between the end of a step and the start of the next one. */
  readonly thinkTimeNs: number;
  /** A step that has not ended by then has failed. */
  readonly stepLimitNs: number;
  readonly steps: readonly Step[];
  readonly always: readonly AlwaysCheck[];
}

/** How one step ended. */
export interface StepResult {
  readonly step: Step;
  readonly index: number;
  readonly startedAt: SimTime;
  readonly endedAt: SimTime;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Empty when every expectation held; else what was expected and what came, a line each. */
  readonly complaints: readonly string[];
}
