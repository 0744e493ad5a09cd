// What a scenario file may say. One description: it checks, it gives the types, its messages are what the user reads.

import { parseDuration } from '@netreel/sim';
import { z } from 'zod';

const duration = z.string().or(z.number()).transform((value, context) => {
  const ns = parseDuration(String(value));
  if (ns !== undefined) return ns;
  context.addIssue(
    { code: 'custom', message: `${JSON.stringify(value)} is no duration; expected for example 200us, 1.5s or 2m` });
  return z.NEVER;
});

const BANDWIDTH_UNITS: ReadonlyMap<string,
  number> = new Map([['bit', 1], ['kbit', 1_000], ['mbit', 1_000_000], ['gbit', 1_000_000_000]]);

const bandwidth = z.string().transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)(bit|[kmg]bit)$/i.exec(text);
  const bits = match === null ? NaN : Math.round(Number(match[1]) * BANDWIDTH_UNITS.get(match[2]!.toLowerCase())!);
  if (Number.isSafeInteger(bits) && bits > 0) return bits;
  context.addIssue(
    { code: 'custom', message: `${JSON.stringify(text)} is no bandwidth; expected for example 100Mbit or 10Gbit` });
  return z.NEVER;
});

/** A share, `10%` or `0.5%`, in parts of a million. */
const share = z.string().transform((text, context) => {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?%$/.exec(text);
  const ppm = match === null ? NaN : Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0'));
  if (ppm >= 0 && ppm <= 1_000_000) return ppm;
  context.addIssue(
    { code: 'custom', message: `${JSON.stringify(text)} is no share; expected for example 10% or 0.5%` });
  return z.NEVER;
});

const textMatch = z.string().transform((source, context) => {
  const match = /^\/([^]*)\/([imsu]*)$/.exec(source);
  if (match === null) return { source, matches: (text: string) => text.includes(source) };
  try {
    const pattern = new RegExp(match[1]!, match[2]);
    return { source, matches: (text: string) => pattern.test(text) };
  } catch (error) {
    context.addIssue({ code: 'custom', message: `${source} is no regular expression: ${(error as Error).message}` });
    return z.NEVER;
  }
});

const expectation = z.strictObject({
  exit: z.int().min(0).max(255).optional(),
  stdout: textMatch.optional(),
  stderr: textMatch.optional(),
  not: textMatch.optional(),
});

const names = z.array(z.string()).min(1);
const reach =
  { from: names.optional(), to: names.optional(), kinds: names.optional(), for: duration.optional(),
    id: z.string().min(1).optional() };

export const faultShape = z.union([
  z.strictObject({ partition: z.array(names).min(2), for: duration.optional(), id: z.string().min(1).optional() }),
  z.strictObject({ loss: share, ...reach }),
  z.strictObject({ delay: duration, chance: share.optional(), ...reach }),
  z.strictObject({ duplicate: share, after: duration.optional(), ...reach }),
], { error: 'a fault is one of { partition: [[hosts], [hosts]] }, { loss: 10% }, { delay: 20ms }, { duplicate: 5% }, ' +
  'each with an optional for' });

export type FaultShape = z.output<typeof faultShape>;

/** Keys of a step beside the one that says what it does. */
export const stepOptions = z.strictObject({
  title: z.string().optional(),
  at: duration.optional(),
  background: z.boolean().optional(),
  expect: expectation.optional(),
  within: duration.optional(),
  save: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a saved output is named by letters, digits and _').optional(),
});

export const lines = { duration, names: z.union([z.string(), names]) };

const alwaysShape = z.union([
  z.enum(['unique-addresses', 'tables-agree'])
    .transform((name) => ({ name, withinNs: undefined as number | undefined })),
  z.strictObject({ 'tables-agree': z.strictObject({ within: duration }) })
    .transform((value) =>
      ({ name: 'tables-agree' as const, withinNs: value['tables-agree'].within as number | undefined })),
], { error: 'known checks are unique-addresses and tables-agree: { within: 10s }' });

/** From 192.168.65.11 up to .254. */
export const HOSTS_MAX = 244;

const hostName = /^[a-z][a-z0-9-]{0,30}$/;

export const scenarioShape = z.strictObject({
  name: z.string().min(1),
  seed: z.int().min(0).default(1),
  files: z.record(z.string(), z.string()).optional(),
  hosts: z.record(z.string(), z.union([z.null(), z.strictObject({})]))
    .refine((hosts) => Object.keys(hosts).length > 0, 'a scenario needs a host, for example hosts: { host1: {} }')
    .refine((hosts) => Object.keys(hosts).length <= HOSTS_MAX, `the underlay's subnet has room for ${HOSTS_MAX} hosts`)
    .refine((hosts) => Object.keys(hosts).every((name) => hostName.test(name) && !RESERVED.has(name)),
      'a host is named by lower-case letters, digits and dashes, and not router or overlay'),
  underlay: z.strictObject({
    latency: duration.default(200_000)
      .refine((ns) => ns > 0, 'an underlay without any latency leaves no room between hosts'),
    bandwidth: bandwidth.default(10_000_000_000),
    mtu: z.int().min(576).max(9000).default(1500),
    links: z.array(z.strictObject({
      between: z.tuple([z.string(), z.string()]),
      latency: duration.refine((ns) => ns > 0, 'a link without any latency leaves no room between its hosts'),
    })).default([]),
  }).prefault({}),
  'think-time': duration.default(100_000_000),
  'step-limit': duration.default(600_000_000_000),
  steps: z.array(z.record(z.string(), z.unknown())).default([]),
  always: z.array(alwaysShape).default([]),
});

export const RESERVED: ReadonlySet<string> = new Set(['router', 'overlay']);

export type ScenarioShape = z.output<typeof scenarioShape>;
