// A scenario file as a Scenario, or one line that says what is wrong, where, and what was expected.

import { readFileSync } from 'node:fs';
import type { FaultRule } from '@netreel/host';
import { NEVER } from '@netreel/sim';
import type { AlwaysCheck, Scenario, Step } from '@netreel/world';
import { ZodError, type z } from 'zod';
import { EXIT, UserFault } from '../fault.js';
import { labOf } from './lab.js';
import { ScenarioText } from './position.js';
import { type FaultShape, faultShape, lines, scenarioShape, stepOptions } from './shape.js';

/** How long tables may differ after the last change, where the scenario does not say. */
const AGREEMENT_NS = 10_000_000_000;

/** Reads the file; a missing or unreadable one is the user's fault too. */
export function readScenarioFile(file: string): { readonly scenario: Scenario; readonly text: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserFault(EXIT.wrong, `${file}: cannot be read: ${code === 'ENOENT' ? 'no such file' : message}`);
  }
  return { scenario: readScenario(file, text), text };
}

/** `seed`, where given, stands in for the file's. */
export function readScenario(file: string, text: string, seed?: number): Scenario {
  const source = new ScenarioText(file, text);
  const shape = checked(source, [], scenarioShape, source.value);
  // In the order of the file: the first one gets the first address.
  const hosts = Object.keys(shape.hosts);
  for (const [place, link] of shape.underlay.links.entries()) {
    link.between.forEach((name, end) => mustKnow(source, ['underlay', 'links', place, 'between', end], name, hosts));
  }
  const faults: Faults = new Map();
  const steps = shape.steps.map((step, index) => readStep(source, ['steps', index], step, hosts, faults));
  return {
    name: shape.name, ...(shape.files === undefined ? {} : { files: shape.files }),
    lab: labOf({ ...shape, seed: seed ?? shape.seed }, hosts),
    thinkTimeNs: shape['think-time'],
    stepLimitNs: shape['step-limit'],
    steps,
    always: shape.always.map((check): AlwaysCheck => ({ name: check.name, withinNs: check.withinNs ?? AGREEMENT_NS })),
  };
}

type Path = readonly PropertyKey[];

/** Lines can be typed on it as on a host: it is who connects from outside. */
const ROUTER = 'router';

/** The rules of each fault by its name: a partition has one for each direction. */
type Faults = Map<string, readonly string[]>;

function readStep(source: ScenarioText, path: Path, step: Record<string, unknown>, hosts: readonly string[],
  faults: Faults): Step {
  const optionKeys = new Set(Object.keys(stepOptions.shape));
  const actions = Object.keys(step).filter((key) => !optionKeys.has(key));
  if (actions.length !== 1) {
    throw source.fault(path,
      `a step does one thing: a host's name with a command, fault, lift or wait; ` +
        `this one has ${actions.join(', ') || 'none'}`);
  }
  const action = actions[0]!;
  const options =
    checked(source, path, stepOptions, Object.fromEntries(Object.entries(step).filter(([key]) => optionKeys.has(key))));
  const head =
    { line: source.lineOf(path), title: options.title ?? '', ...(options.at === undefined ? {} : { at: options.at }) };
  const value = step[action];
  const onlyCommands = (['background', 'expect', 'within', 'save'] as const).find((key) => options[key] !== undefined);
  if (['wait', 'fault', 'lift'].includes(action) && onlyCommands !== undefined) {
    throw source.fault([...path, onlyCommands], `${onlyCommands} belongs to a command, not to ${action}`);
  }
  switch (action) {
    case 'wait': return { ...head, kind: 'wait', ns: checked(source, [...path, action], lines.duration, value) };
    case 'lift': {
      const named = checked(source, [...path, action], lines.names, value);
      const ids = (typeof named === 'string' ? [named] : named).flatMap((id) => {
        const rules = faults.get(id);
        if (rules !== undefined) return rules;
        throw source.fault([...path, action], `no fault ${JSON.stringify(id)} before this step; ` +
          `there are ${[...faults.keys()].join(', ') || 'none'}`);
      });
      return { ...head, kind: 'lift', ids };
    }
    case 'fault': {
      const fault = checked(source, [...path, action], faultShape, value);
      const id = fault.id ?? `fault-${faults.size + 1}`;
      const rules =
        rulesOf(fault, id, (place, name) => mustKnow(source, [...path, action, ...place], name,
        [...hosts, 'router', 'overlay']));
      faults.set(id, [...faults.get(id) ?? [], ...rules.map((rule) => rule.id)]);
      return { ...head, kind: 'fault', rules, ...(fault.for === undefined ? {} : { forNs: fault.for }) };
    }
    default: {
      if (action !== ROUTER) mustKnow(source, [...path, action], action, hosts);
      if (typeof value !== 'string' || value.trim() === '') throw source.fault([...path, action],
        'expected a command line');
      if (action === ROUTER && /^docker(\s|$)/.test(value.trim())) {
        throw source.fault([...path, action], 'the router is a machine without Docker; type docker on a host');
      }
      return { ...head, kind: 'command', host: action, command: value.trim(), background: options.background ?? false,
        ...(options.save === undefined ? {} : { save: options.save }),
        ...(options.expect === undefined ? {} : { expect: withoutUndefined(options.expect) }),
        ...(options.within === undefined ? {} : { withinNs: options.within }) };
    }
  }
}

type Known = (place: Path, name: string) => void;

function rulesOf(fault: FaultShape, name: string, mustExist: Known): FaultRule[] {
  const rule: FaultRule =
    { id: name, from: [], to: [], kinds: [], action: 'drop', chancePpm: 1_000_000, delayNs: 0, since: 0, until: NEVER };
  if ('partition' in fault) {
    fault.partition.forEach((group, place) =>
      group.forEach((node, index) => mustExist(['partition', place, index], node)));
    return fault.partition.flatMap((from, a) =>
      fault.partition.flatMap((to, b) => (a === b ? [] : [{ ...rule, id: `${name}/${a}-${b}`, from, to }])));
  }
  for (const end of ['from', 'to'] as const) fault[end]?.forEach((node, index) => mustExist([end, index], node));
  const reach = { from: fault.from ?? [], to: fault.to ?? [], kinds: fault.kinds ?? [] };
  if ('loss' in fault) return [{ ...rule, ...reach, chancePpm: fault.loss }];
  if ('delay' in fault) return [{ ...rule, ...reach, action: 'delay', delayNs: fault.delay,
    chancePpm: fault.chance ?? 1_000_000 }];
  return [{ ...rule, ...reach, action: 'duplicate', chancePpm: fault.duplicate, delayNs: fault.after ?? 0 }];
}

function mustKnow(source: ScenarioText, path: Path, name: string, known: readonly string[]): void {
  if (!known.includes(name)) throw source.fault(path,
    `no host ${JSON.stringify(name)} in this scenario; there are ${known.join(', ')}`);
}

function checked<T extends z.ZodType>(source: ScenarioText, path: Path, shape: T, value: unknown): z.output<T> {
  try {
    return shape.parse(value);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const [issue] = error.issues;
    const keys = issue?.code === 'unrecognized_keys' ? issue.keys : [];
    throw source.fault([...path, ...issue!.path, ...keys.slice(0, 1)], lowerCase(issue!.message));
  }
}

function lowerCase(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Keys without a value are left out, as the exact types want it. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value)
    .filter(([, each]) => each !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
