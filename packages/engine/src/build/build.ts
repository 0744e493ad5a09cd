// One build, step by step, as the classic builder goes: each step is an image on top of the one before, and steps that
// were taken before are not taken again.

import type { Json, Operation } from '@netreel/sim';
import { shortId } from '../container/lookup.js';
import type { EngineCore } from '../core.js';
import type { Files } from '../file/files.js';
import type { FolderNode } from '../file/node.js';
import { storeImage } from '../image/commit.js';
import { shortImageId } from '../image/identifiers.js';
import type { Images } from '../image/images.js';
import { PLAIN_CONFIG, type ImageConfig, type ImageRow } from '../image/row.js';
import { findImage } from '../image/store.js';
import { configStep, shellOf } from './config-step.js';
import { fileStep } from './file-step.js';
import { isFlaw, type Flaw, type Instruction } from './parse.js';
import { stageNamed, type Plan, type Stage } from './plan.js';
import { runStep } from './run-step.js';
import { expandWord } from './substitute.js';

export interface BuildRequest {
  readonly context: FolderNode;
  readonly dockerfile: string;
  readonly target: string;
  readonly tags: readonly string[];
  readonly labels: { readonly [name: string]: string };
  readonly args: { readonly [name: string]: string };
  readonly networkMode: string;
  readonly noCache: boolean;
  /** Whether containers of steps go when they ended well; and when they did not. */
  readonly remove: boolean;
  readonly forceRemove: boolean;
}

/** A line of progress. */
export type Tell = (line: { readonly [key: string]: Json | undefined }) => void;

/** The image, or why there is none; `code` of a command that failed. */
export type BuildResult = { readonly image: ImageRow } | { readonly failure: string; readonly code?: number };

/** What a step may use and change. */
export interface StageState {
  image: ImageRow | undefined;
  config: ImageConfig;
  /** ARGs that were declared in this stage, with their values. */
  readonly args: Map<string, string>;
}

/** What proxies need no ARG for. */
const FREE_ARGS: ReadonlySet<string> = new Set(['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'FTP_PROXY',
  'ftp_proxy', 'NO_PROXY', 'no_proxy', 'ALL_PROXY', 'all_proxy']);

export class Build {
  /** Stages that are done, in order. */
  readonly done: { readonly name: string; readonly image: ImageRow | undefined }[] = [];
  private readonly consumed = new Set<string>();
  private readonly metaArgs = new Map<string, string>();
  private step = 0;
  private steps = 0;
  /** The last step was taken from the cache: only then may the next one be. */
  private cached = true;

  constructor(readonly core: EngineCore, readonly images: Images, readonly files: Files,
    readonly request: BuildRequest, private readonly tell: Tell) {}

  *run({ args, stages }: Plan): Operation<BuildResult> {
    this.steps = args.length + stages.reduce((sum, { steps }) => sum + steps.length + 1, 0);
    for (const arg of args) {
      this.begin(arg);
      this.say('\n');
      this.declare(arg, this.metaArgs, this.metaArgs);
    }
    for (const stage of stages) {
      const flaw = yield* this.stage(stage);
      if (flaw !== undefined) return { failure: flaw.flaw, ...('code' in flaw ? { code: (flaw as Failed).code } : {}) };
    }
    const image = this.done.at(-1)?.image;
    if (image === undefined) return { failure: 'No image was generated. Is your Dockerfile empty?' };
    return this.finish(image);
  }

  private finish(image: ImageRow): BuildResult {
    const unused = Object.keys(this.request.args).filter((name) => !this.consumed.has(name) && !FREE_ARGS.has(name))
      .sort();
    if (unused.length > 0) this.say(`[Warning] One or more build-args [${unused.join(' ')}] were not consumed\n`);
    this.tell({ aux: { ID: image.id } });
    this.say(`Successfully built ${shortImageId(image.id)}\n`);
    for (const tag of this.request.tags) {
      const refused = this.images.named(image, tag);
      if (refused !== undefined) return { failure: refused.message };
      this.say(`Successfully tagged ${tag}\n`);
    }
    return { image };
  }

  say(text: string): void {
    if (text !== '') this.tell({ stream: text });
  }

  private begin({ text }: Instruction): void {
    this.say(`Step ${++this.step}/${this.steps} : ${text}`);
  }

  private *stage(stage: Stage): Operation<Flaw | undefined> {
    this.begin(stage.from);
    this.say('\n');
    const base = yield* this.base(expandWord(stage.base, this.metaArgs));
    if (base !== undefined && isFlaw(base)) return base;
    this.say(` ---> ${base === undefined ? '' : shortImageId(base.id)}\n`);
    this.cached = !this.request.noCache;
    const state: StageState = { image: base, args: new Map(), config: base === undefined
      ? { ...PLAIN_CONFIG, Env: base === undefined ? SCRATCH_ENV : null } : { ...base.config, Image: base.id } };
    for (const instruction of [...onBuild(base), ...stage.steps]) {
      if (isFlaw(instruction)) return instruction;
      this.begin(instruction);
      this.say('\n');
      const flaw = yield* this.take(state, instruction);
      if (flaw !== undefined) return flaw;
      this.say(` ---> ${shortImageId(state.image!.id)}\n`);
    }
    this.done.push({ name: stage.name, image: state.image });
    return undefined;
  }

  private *base(name: string): Operation<ImageRow | undefined | Flaw> {
    if (name === 'scratch') return undefined;
    const stage = stageNamed(this.done, name);
    if (stage >= 0 && !/^\d+$/.test(name)) return this.done[stage]!.image;
    return yield* this.imageNamed(name);
  }

  /** An image of this engine, or one that is fetched now. */
  *imageNamed(name: string): Operation<ImageRow | Flaw> {
    const present = findImage(this.core.tables, name);
    if (present !== undefined) return present;
    const refused = yield* this.images.pull(name, (line) => this.tell(line));
    if (refused !== undefined) return { flaw: refused.message };
    return findImage(this.core.tables, name)!;
  }

  private take(state: StageState, instruction: Instruction): Operation<Flaw | undefined> {
    switch (instruction.keyword) {
      case 'RUN': return runStep(this, state, instruction);
      case 'COPY': case 'ADD': case 'WORKDIR': return fileStep(this, state, instruction);
      default: return this.settings(state, instruction);
    }
  }

  private *settings(state: StageState, instruction: Instruction): Operation<Flaw | undefined> {
    if (instruction.keyword === 'ARG') {
      this.declare(instruction, state.args, this.variables(state));
      this.commit(state, state.config, `ARG ${instruction.rest}`);
      return undefined;
    }
    const step = configStep(instruction, state.config, this.variables(state));
    if (isFlaw(step)) return step;
    // The new shell speaks of itself already.
    this.commit(state, step!.config, step!.told);
    return undefined;
  }

  /** ENV comes before ARG of the same name. */
  variables(state: StageState): ReadonlyMap<string, string> {
    const variables = new Map(state.args);
    for (const entry of state.config.Env ?? []) {
      variables.set(entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1));
    }
    return variables;
  }

  private declare({ rest }: Instruction, into: Map<string, string>, variables: ReadonlyMap<string, string>): void {
    for (const word of rest.split(/\s+(?=\w+(?:=|$))/)) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word : word.slice(0, equals);
      this.consumed.add(name);
      const given = this.request.args[name];
      const value = given ?? (equals < 0 ? into === this.metaArgs ? undefined : this.metaArgs.get(name)
        : expandWord(word.slice(equals + 1), variables));
      if (value !== undefined) into.set(name, value);
    }
  }

  /** An image with other settings and the same files. */
  private commit(state: StageState, config: ImageConfig, told: string): void {
    const line = [...shellOf(config), `#(nop)  ${told}`].join(' ');
    const found = this.known(state, config, line);
    if (found !== undefined) return this.goOn(state, found);
    const container = this.core.port.newId('container');
    this.say(` ---> Running in ${shortId(container)}\n`);
    if (this.request.remove) this.say(`Removing intermediate container ${shortId(container)}\n`);
    this.store(state, config, line, [...shellOf(config), '#(nop) ', told], container, '');
  }

  /** The image that this very step left before, on the same one; undefined when it has to be taken. */
  known(state: StageState, config: ImageConfig, line: string): ImageRow | undefined {
    if (!this.cached) return undefined;
    const wanted = JSON.stringify({ ...config, Image: '' });
    const parent = state.image?.id ?? '';
    const found = [...this.core.tables.images.values()].filter((row) => row.parent === parent &&
      row.container !== '' && row.history.at(-1)?.createdBy === line &&
      JSON.stringify({ ...row.config, Image: '' }) === wanted).at(-1);
    if (found === undefined) this.cached = false;
    else this.say(' ---> Using cache\n');
    return found;
  }

  goOn(state: StageState, image: ImageRow): void {
    state.image = image;
    state.config = { ...image.config, Image: image.id };
  }

  /** Stores what a step left; `tree` has its changes, empty for none. */
  store(state: StageState, config: ImageConfig, line: string, command: readonly string[], container: string,
    tree: string): void {
    const parent = state.image;
    const own = { ...config, Image: parent?.id ?? '' };
    this.goOn(state, storeImage(this.core, { parent, config: own, createdBy: line, comment: '', author: '', container,
      containerConfig: { ...own, Hostname: shortId(container), Cmd: command }, tree }));
  }
}

/** A command that ended with something else than 0. */
export interface Failed extends Flaw {
  readonly code: number;
}

const SCRATCH_ENV = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];

/** Triggers of the image below: they would run here, and nothing here reads them. */
function onBuild(base: ImageRow | undefined): readonly Flaw[] {
  return (base?.config.OnBuild ?? []).length === 0 ? []
    : [{ flaw: 'ONBUILD triggers of a base image are not carried out here' }];
}

