// What a shell remembers: variables, positional parameters, functions, options, jobs.

import type { Child, Sys, TextSource } from '../contract.js';
import type { Command } from './syntax.js';

/** Why the rest of a list is not run. */
export type Flow =
  /** `interrupt`: a key ended it; the prompt comes next. */
  | { readonly kind: 'exit' | 'return' | 'interrupt' }
  /** An error that ends a script, but not a shell that somebody types at. */
  | { readonly kind: 'error' }
  | { readonly kind: 'break' | 'continue'; readonly levels: number };

export interface Streams {
  /** Undefined: the shell's own. */
  readonly stdin: TextSource | undefined;
  readonly stdout: (text: string) => void | boolean;
  readonly stderr: (text: string) => void | boolean;
}

export class ShellState {
  readonly variables = new Map<string, string>();
  readonly exported = new Set<string>();
  readonly readonlyNames = new Set<string>();
  readonly functions = new Map<string, Command>();
  readonly aliases = new Map<string, string>();
  /** By signal name, `EXIT` among them. */
  readonly traps = new Map<string, string>();
  /** Commands of traps whose signal has arrived. */
  readonly dueTraps: string[] = [];
  readonly jobs: Child[] = [];
  /** What an interactive shell has yet to say about its jobs. */
  readonly told: { readonly job: Child; readonly number: number; readonly text: string }[] = [];
  /** Somebody types at a prompt. */
  interactive = false;
  /** The interrupt key was pressed. */
  interrupted = false;
  /** Letters of `set`: e, u, x. */
  readonly options = new Set<string>();
  positional: readonly string[] = [];
  status = 0;
  lastBackground = '';
  flow: Flow | undefined = undefined;
  /** One for each function that is being called: what its local variables were before; undefined for unset. */
  readonly frames: Map<string, string | undefined>[] = [];
  /** How many loops are being run: outside of any, break and continue mean nothing. */
  loopDepth = 0;
  /** Whether `$0` was given explicitly: then messages carry a line number, as ash's do. */
  named = false;

  /** `$0`. */
  constructor(public name: string) {}

  /** In front of the shell's messages. */
  get prefix(): string {
    return this.named ? `${this.name}: line 0: ` : `${this.name}: `;
  }

  static fromEnvironment(name: string, sys: Sys): ShellState {
    const state = new ShellState(name);
    for (const [variable, value] of sys.env) {
      state.variables.set(variable, value);
      state.exported.add(variable);
    }
    if (!state.variables.has('PWD')) state.variables.set('PWD', sys.cwd);
    return state;
  }

  /** A background job of an interactive shell gets a number. */
  started(job: Child, text: string): void {
    if (!this.interactive) return;
    this.told.push({ job, number: (this.told.at(-1)?.number ?? 0) + 1, text });
  }

  /** For a subshell: traps are reset, jobs are not its own. POSIX section 2.12. */
  copy(): ShellState {
    const copy = new ShellState(this.name);
    for (const [name, value] of this.variables) copy.variables.set(name, value);
    for (const name of this.exported) copy.exported.add(name);
    for (const name of this.readonlyNames) copy.readonlyNames.add(name);
    for (const [name, body] of this.functions) copy.functions.set(name, body);
    for (const [name, text] of this.aliases) copy.aliases.set(name, text);
    for (const option of this.options) copy.options.add(option);
    copy.positional = this.positional;
    copy.status = this.status;
    copy.lastBackground = this.lastBackground;
    copy.named = this.named;
    copy.loopDepth = this.loopDepth;
    for (const frame of this.frames) copy.frames.push(new Map(frame));
    return copy;
  }

  /** Whether `name` can be run, looked for along the PATH that the shell has now. */
  finds(sys: Sys, name: string, assigned: ReadonlyMap<string, string>): boolean {
    const path = assigned.get('PATH') ?? this.variables.get('PATH');
    if (path === undefined) sys.env.delete('PATH');
    else sys.env.set('PATH', path);
    return sys.has(name);
  }

  /** The shell's own process gets what a child would get. */
  handOver(sys: Sys, assigned: ReadonlyMap<string, string>): void {
    const environment = this.environment(assigned);
    sys.env.clear();
    for (const [name, value] of environment) sys.env.set(name, value);
  }

  /** What a child gets: exported variables, and the assignments in front of its command. */
  environment(extra: ReadonlyMap<string, string>): Map<string, string> {
    const environment = new Map<string, string>();
    for (const name of this.exported) {
      const value = this.variables.get(name);
      if (value !== undefined) environment.set(name, value);
    }
    for (const [name, value] of extra) environment.set(name, value);
    return environment;
  }
}
