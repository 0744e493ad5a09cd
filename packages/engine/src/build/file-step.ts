// COPY, ADD and WORKDIR: files put into an image without a process.

import type { Operation } from '@netreel/sim';
import { shortId } from '../container/lookup.js';
import { folderNode } from '../file/node.js';
import { FileSpace } from '../file/space.js';
import { STEP_TREE } from '../image/changed-tree.js';
import { bareImageTree, imageTree } from '../image/store.js';
import type { ImageRow } from '../image/row.js';
import type { Build, StageState } from './build.js';
import { shellOf, workdirOf } from './config-step.js';
import { copySources, makeFolders, sourceName, sourcesOf } from './copy-step.js';
import { isFlaw, splitWords, type Flaw, type Instruction } from './parse.js';
import { stageNamed } from './plan.js';
import { expandWord, expandWords } from './substitute.js';

export function* fileStep(build: Build, state: StageState, instruction: Instruction): Operation<Flaw | undefined> {
  return instruction.keyword === 'WORKDIR' ? workdir(build, state, instruction)
    : yield* copy(build, state, instruction);
}

function workdir(build: Build, state: StageState, { rest }: Instruction): undefined {
  const path = workdirOf(expandWord(rest.trim(), build.variables(state)), state.config);
  const config = { ...state.config, WorkingDir: path };
  const line = [...shellOf(config), `#(nop) WORKDIR ${path}`].join(' ');
  const found = build.known(state, config, line);
  if (found !== undefined) return void build.goOn(state, found);
  const container = build.core.port.newId('container');
  build.say(` ---> Running in ${shortId(container)}\n`);
  if (build.request.remove) build.say(`Removing intermediate container ${shortId(container)}\n`);
  const { tree, space } = stepSpace(build, state, container);
  makeFolders(space, path);
  build.store(state, config, line, [...shellOf(config), '#(nop) ', `WORKDIR ${path}`], container, tree);
}

function* copy(build: Build, state: StageState, { keyword, rest, json, flags }: Instruction):
  Operation<Flaw | undefined> {
  const words = expandWords(json ?? splitWords(rest), build.variables(state));
  const patterns = words.slice(0, -1);
  const typed = words.at(-1)!;
  const url = patterns.find((pattern) => /^(https?|ftp|git):\/\//.test(pattern));
  if (url !== undefined) return { flaw: `${keyword} failed: ${url}: files are not fetched from elsewhere here` };
  const from = flags.get('from');
  let root = build.request.context;
  if (from !== undefined) {
    const image = yield* stageOf(build, expandWord(from, build.variables(state)));
    if (image !== undefined && isFlaw(image)) return { flaw: `invalid from flag value ${from}: ${image.flaw}` };
    root = image === undefined ? folderNode(0o755, 0) : bareImageTree(build.core.tables, image.layers);
  }
  const sources = sourcesOf(root, keyword, patterns);
  if (isFlaw(sources)) return sources;
  if (sources.length > 1 && !typed.endsWith('/')) {
    return { flaw: `When using ${keyword} with more than one source file, the destination must be a directory and end `
      + 'with a /' };
  }
  const told = `${keyword} ${sourceName(sources)} in ${typed} `;
  const line = [...shellOf(state.config), `#(nop) ${told}`].join(' ');
  const found = build.known(state, state.config, line);
  if (found !== undefined) return void build.goOn(state, found);
  const container = build.core.port.newId('container');
  const { tree, space } = stepSpace(build, state, container);
  const path = workdirOf(typed, state.config);
  const intoFolder = /\/\.?$/.test(typed) || typed === '.';
  const flaw = copySources(space, sources, intoFolder ? `${path}/` : path, keyword === 'ADD');
  if (flaw !== undefined) return flaw;
  build.store(state, state.config, line, [...shellOf(state.config), '#(nop) ', told], container, tree);
  return undefined;
}

function* stageOf(build: Build, name: string): Operation<ImageRow | undefined | Flaw> {
  const stage = stageNamed(build.done, name);
  return stage >= 0 ? build.done[stage]!.image : yield* build.imageNamed(name);
}

/** A tree of the step's own over the image so far. */
function stepSpace(build: Build, state: StageState, container: string): { readonly tree: string;
  readonly space: FileSpace } {
  const { core } = build;
  const tree = `${STEP_TREE}${container}`;
  const layers = state.image?.layers ?? [];
  const space = new FileSpace({ tree, lower: () => imageTree(core.tables, layers),
    treeOf: (name) => core.tables.trees.get(name), mounts: () => [], readOnly: false, kept: () => undefined,
    keep: () => undefined, emit: (event) => core.emit(event) }, true);
  return { tree, space };
}
