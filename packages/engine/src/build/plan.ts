// A Dockerfile as stages, checked as a whole before anything is built.

import { nodeAt, namesOf, type FolderNode } from '../file/node.js';
import type { BuildRequest } from './build.js';
import { instructionFlaw } from './check.js';
import { isFlaw, parseDockerfile, splitWords, type Flaw, type Instruction } from './parse.js';

export interface Stage {
  readonly from: Instruction;
  /** As typed: variables of it are filled in when its turn comes. */
  readonly base: string;
  /** `AS NAME`, or empty. */
  readonly name: string;
  readonly steps: readonly Instruction[];
}

export interface Plan {
  /** ARGs before the first FROM. */
  readonly args: readonly Instruction[];
  readonly stages: readonly Stage[];
}

export function plan({ context, dockerfile, target, labels }: BuildRequest): Plan | Flaw {
  const source = sourceOf(context, dockerfile);
  if (isFlaw(source)) return source;
  const instructions = parseDockerfile(source);
  if (isFlaw(instructions)) return instructions;
  if (instructions.length === 0) return { flaw: `the Dockerfile (${dockerfile}) cannot be empty` };
  for (const instruction of instructions) {
    const flaw = instructionFlaw(instruction);
    if (flaw !== undefined) return flaw;
  }
  const args: Instruction[] = [];
  const stages: (Stage & { readonly steps: Instruction[] })[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') {
      const [base = '', , name = ''] = splitWords(instruction.rest);
      stages.push({ from: instruction, base, name: name.toLowerCase(), steps: [] });
    } else if (stages.length > 0) {
      stages.at(-1)!.steps.push(instruction);
    } else if (instruction.keyword === 'ARG') {
      args.push(instruction);
    } else {
      return { flaw: 'no build stage in current context' };
    }
  }
  if (stages.length === 0) return { flaw: 'no build stage in current context' };
  const wanted = target === '' ? stages.length - 1 : stageNamed(stages, target);
  if (wanted < 0) return { flaw: `failed to reach build target ${target} in Dockerfile` };
  const kept = stages.slice(0, wanted + 1);
  kept.at(-1)!.steps.push(...labelSteps(labels));
  return { args, stages: kept };
}

/** By name or number; -1 for none. */
export function stageNamed(stages: readonly { readonly name: string }[], reference: string): number {
  const named = stages.findIndex(({ name }) => name !== '' && name === reference.toLowerCase());
  if (named >= 0) return named;
  return /^\d+$/.test(reference) && Number(reference) < stages.length ? Number(reference) : -1;
}

function sourceOf(context: FolderNode, dockerfile: string): string | Flaw {
  const node = nodeAt(context, namesOf(dockerfile));
  if (node?.kind !== 'file') return { flaw: `Cannot locate specified Dockerfile: ${dockerfile}` };
  return node.content.trim() === '' ? { flaw: `the Dockerfile (${dockerfile}) cannot be empty` } : node.content;
}

/** Labels of the command line come as one more instruction, at the end. */
function labelSteps(labels: { readonly [name: string]: string }): Instruction[] {
  const names = Object.keys(labels).sort();
  if (names.length === 0) return [];
  const quoted = names.map((name) => [name, labels[name]!].map((word) => (/^[\w./-]*$/.test(word) ? word
    : JSON.stringify(word))).join('='));
  return [{ keyword: 'LABEL', text: `LABEL ${quoted.join(' ')}`, line: 0, lastLine: 0, flags: new Map(),
    rest: quoted.join(' '), json: undefined }];
}
