// Instructions that change nothing but an image's settings: what they make of them, and what history says of it.

import { signalName } from '../container/stop.js';
import { keysOf, type ImageConfig } from '../image/row.js';
import { clean } from '../mount/parse.js';
import { isFlaw, namedValues, splitWords, type Flaw, type Instruction } from './parse.js';
import { expandWord, expandWords, type Variables } from './substitute.js';

export interface ConfigStep {
  readonly config: ImageConfig;
  /** `ENV X=1`. */
  readonly told: string;
}

const SHELL = ['/bin/sh', '-c'];
const SECOND_NS = 1_000_000_000;

/** The shell that runs what is no JSON. */
export function shellOf(config: ImageConfig): readonly string[] {
  return config.Shell ?? SHELL;
}

/** What an instruction makes of `config`; undefined when it does more than that. */
export function configStep(instruction: Instruction, config: ImageConfig, variables: Variables): ConfigStep | Flaw
  | undefined {
  const { keyword, rest, json } = instruction;
  const one = (): string => expandWord(rest.trim(), variables);
  switch (keyword) {
    case 'CMD': case 'ENTRYPOINT': return command(instruction, config);
    case 'ENV': return environment(instruction, config, variables);
    case 'LABEL': return labels(instruction, config, variables);
    case 'EXPOSE': return exposed(expandWords(splitWords(rest), variables), config);
    case 'VOLUME': {
      const paths = expandWords(json ?? splitWords(rest), variables);
      if (paths.some((path) => path.trim() === '')) return { flaw: 'VOLUME specified can not be an empty string' };
      return { told: `VOLUME [${paths.join(' ')}]`, config: { ...config,
        Volumes: { ...config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) } } };
    }
    case 'USER': return { told: `USER ${one()}`, config: { ...config, User: one() } };
    case 'STOPSIGNAL': {
      const signal = one();
      return signalName(signal) === undefined ? { flaw: `Invalid signal: ${signal}` }
        : { told: `STOPSIGNAL ${signal}`, config: { ...config, StopSignal: signal } };
    }
    case 'SHELL': return { told: `SHELL [${json!.join(' ')}]`, config: { ...config, Shell: json! } };
    case 'ONBUILD': return { told: `ONBUILD ${rest}`, config: { ...config, OnBuild: [...config.OnBuild ?? [], rest] } };
    case 'MAINTAINER': return { told: `MAINTAINER ${rest}`, config };
    case 'HEALTHCHECK': return healthcheck(instruction, config);
    default: return undefined;
  }
}

/** Where a WORKDIR leads to. */
export function workdirOf(path: string, config: ImageConfig): string {
  return clean(path.startsWith('/') ? path : `${config.WorkingDir}/${path}`);
}

function command({ keyword, rest, json }: Instruction, config: ImageConfig): ConfigStep {
  const words = json ?? [...shellOf(config), rest];
  const told = `${keyword} [${words.map((word) => JSON.stringify(word)).join(' ')}]`;
  if (keyword === 'CMD') return { told, config: { ...config, Cmd: words } };
  // An entrypoint of one's own takes the command of the image below away.
  return { told, config: { ...config, Entrypoint: words, Cmd: null } };
}

function environment(instruction: Instruction, config: ImageConfig, variables: Variables): ConfigStep | Flaw {
  const pairs = namedValues(instruction);
  if (isFlaw(pairs)) return pairs;
  const env = [...config.Env ?? []];
  const told: string[] = [];
  for (const [rawName, rawValue] of pairs) {
    const name = expandWord(rawName, variables);
    const entry = `${name}=${expandWord(rawValue, variables)}`;
    told.push(entry);
    const place = env.findIndex((each) => each.startsWith(`${name}=`));
    if (place < 0) env.push(entry);
    else env[place] = entry;
  }
  return { told: `ENV ${told.join(' ')}`, config: { ...config, Env: env } };
}

function labels(instruction: Instruction, config: ImageConfig, variables: Variables): ConfigStep | Flaw {
  const pairs = namedValues(instruction);
  if (isFlaw(pairs)) return pairs;
  const filled = pairs.map(([name, value]) => [expandWord(name, variables), expandWord(value, variables)] as const);
  const merged = { ...config.Labels, ...Object.fromEntries(filled) };
  return { told: `LABEL ${filled.map(([name, value]) => `${name}=${value}`).join(' ')}`, config: { ...config,
    Labels: Object.fromEntries(Object.keys(merged).sort().map((name) => [name, merged[name]])) } };
}

function exposed(words: readonly string[], config: ImageConfig): ConfigStep | Flaw {
  const ports = { ...config.ExposedPorts };
  for (const word of words) {
    const [, range = '', protocol = 'tcp'] = /^(?:.*:)?([^:/]*)(?:\/(\w+))?$/.exec(word) ?? [];
    const [first = '', last = first] = range.split('-');
    if (!/^\d+$/.test(first) || !/^\d+$/.test(last) || Number(last) > 65_535 || Number(first) > Number(last)) {
      return { flaw: `Invalid containerPort: ${range}` };
    }
    if (!['tcp', 'udp', 'sctp'].includes(protocol)) return { flaw: `Invalid proto: ${protocol}` };
    for (let port = Number(first); port <= Number(last); port++) ports[`${port}/${protocol}`] = {};
  }
  return { told: `EXPOSE ${[...words].sort().join(' ')}`, config: { ...config,
    ExposedPorts: Object.fromEntries(keysOf(ports).map((port) => [port, {}])) } };
}

function healthcheck({ rest, json, flags }: Instruction, config: ImageConfig): ConfigStep | Flaw {
  if (/^NONE\s*$/i.test(rest)) {
    return { told: `HEALTHCHECK &{["NONE"] "0s" "0s" "0s" '\\x00'}`, config: { ...config,
      Healthcheck: { Test: ['NONE'] } } };
  }
  const shell = rest.replace(/^CMD\s*/i, '');
  const test = json === undefined ? ['CMD-SHELL', shell] : ['CMD', ...json];
  const spans: number[] = [];
  for (const flag of ['interval', 'timeout', 'start-period']) {
    const span = durationOf(flags.get(flag) ?? '0s');
    if (span === undefined) return { flaw: `invalid duration "${flags.get(flag)}" of --${flag}` };
    spans.push(span);
  }
  const retries = Number(flags.get('retries') ?? '0');
  const [Interval, Timeout, StartPeriod] = spans as [number, number, number];
  const told = `HEALTHCHECK &{[${test.map((word) => JSON.stringify(word)).join(' ')}] ${spans.map((span) =>
    `"${durationText(span)}"`).join(' ')} '\\x${retries.toString(16).padStart(2, '0')}'}`;
  return { told, config: { ...config, Healthcheck: { Test: test, ...(Interval === 0 ? {} : { Interval }),
    ...(Timeout === 0 ? {} : { Timeout }), ...(StartPeriod === 0 ? {} : { StartPeriod }),
    ...(retries === 0 ? {} : { Retries: retries }) } } };
}

/** `1m30s` in nanoseconds. */
function durationOf(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|s|m|h))+$/.test(text)) return undefined;
  const units: { readonly [unit: string]: number } = { ms: SECOND_NS / 1000, s: SECOND_NS, m: 60 * SECOND_NS,
    h: 3600 * SECOND_NS };
  return [...text.matchAll(/(\d+)(ms|s|m|h)/g)]
    .reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
}

function durationText(ns: number): string {
  if (ns < SECOND_NS && ns > 0) return `${Math.floor(ns * 1000 / SECOND_NS)}ms`;
  const seconds = Math.floor(ns / SECOND_NS);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds % 60}s`;
}
