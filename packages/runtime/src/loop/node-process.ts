// A process that lives one or more nodes: says hello, takes grants until it is told to stop. The first grant tells how
// much of the journal each node has to live through first.

import { type Codec, type ControlMessage, type EnvelopeBatch, controlCodec } from '@netreel/protocol';
import type { LabSpec } from '@netreel/sim';
import type { Bus, Subscription } from '../bus/bus.js';
import { wallClock } from '../clock.js';
import { controlSubject, envelopeSubject, envelopesFor } from '../bus/subjects.js';
import type { Journal } from '../journal/journal.js';
import { failPoint } from './fail-points.js';
import { type Grant, type NodeFactory, NodeRunner } from './node-runner.js';

export interface NodeProcessOptions {
  readonly run: string;
  readonly lab: LabSpec;
  readonly nodes: readonly string[];
  readonly factory: NodeFactory;
  readonly codec: Codec;
  readonly journal: Journal;
  readonly bus: Bus;
  /** Name of this process in what it tells others. */
  readonly name: string;
  /** Stands by: follows what another process records of these nodes until this resolves, and takes over then. */
  readonly standby?: Promise<unknown> | undefined;
}

/** NATS carries a mebibyte at most; batches stay well below. */
const MESSAGE_BYTES_MAX = 256 * 1024;
const HELLO_EVERY_MS = 500;
const FOLLOW_EVERY_MS = 100;

/** Lives until the conductor says stop; rejects when a history differs or a journal refuses. */
export async function runNodes(options: NodeProcessOptions): Promise<{ readonly repairs: number }> {
  const { run, lab, nodes, bus, codec, journal } = options;
  const runners = new Map<string, NodeRunner>();
  for (const node of nodes) {
    failPoint();
    const writer = options.standby === undefined ? { writer: await journal.writer(run, node) } : {};
    failPoint();
    const runner = new NodeRunner({ run, lab, node, factory: options.factory, codec, journal, ...writer,
      publish: (batch) => publishBatch(options, batch) });
    runners.set(node, runner);
  }
  if (options.standby !== undefined) await standBy(options, options.standby, runners);
  return new Promise((resolve, reject) => {
    const subscriptions: Subscription[] = [];
    let heardConductor = false;
    const hello = (): void => {
      if (heardConductor) return;
      const message: ControlMessage = { type: 'Hello', process: options.name, nodes,
        commits: [...runners.values()].map((runner) => runner.commitCount) };
      bus.publish(controlSubject(run, 'conductor'), controlCodec.encodeRecord(message));
    };
    const timer = setInterval(hello, HELLO_EVERY_MS);
    const end = (settle: () => void): void => {
      clearInterval(timer);
      for (const subscription of subscriptions) subscription.unsubscribe();
      settle();
    };
    const listen = async (): Promise<void> => {
      for (const [node, runner] of runners) {
        // One grant at a time: a repeated one waits for the first and gets its answer.
        let turn = Promise.resolve();
        subscriptions.push(await bus.subscribe(envelopesFor(run, node), (_subject, bytes) => {
          const decoded = codec.decodeEnvelopes(bytes);
          if (decoded.ok) runner.channels.take(decoded.batch);
        }));
        subscriptions.push(await bus.subscribe(controlSubject(run, node), (_subject, bytes) => {
          const decoded = controlCodec.decodeRecord(bytes);
          if (!decoded.ok) return;
          const message = decoded.record as ControlMessage;
          heardConductor = true;
          if (message.type === 'Stop') {
            end(() => resolve({ repairs: [...runners.values()].reduce((sum, each) => sum + each.repairs, 0) }));
          } else if (message.type === 'Grant') {
            turn = turn.then(() => answerGrant(options, runner, message)).catch((error) => end(() => reject(error)));
          }
        }));
      }
      hello();
    };
    listen().catch((error) => end(() => reject(error)));
  });
}

/** Follows until it is told to take over; then fences whoever it followed. */
async function standBy({ run, journal }: NodeProcessOptions, told: Promise<unknown>,
  runners: ReadonlyMap<string, NodeRunner>): Promise<void> {
  let isTold = false;
  void told.then(() => { isTold = true; });
  while (!isTold) {
    let news = false;
    for (const runner of runners.values()) news = await runner.follow() || news;
    if (!news) await Promise.race([told, wallClock.sleep(FOLLOW_EVERY_MS)]);
  }
  for (const [node, runner] of runners) await runner.takeOver(await journal.writer(run, node));
}

async function answerGrant(options: NodeProcessOptions, runner: NodeRunner, grant: Grant): Promise<void> {
  if (grant.window < runner.lastWindow) return;
  const done = await runner.grant(grant);
  failPoint();
  options.bus.publish(controlSubject(options.run, 'conductor'), controlCodec.encodeRecord(done));
  failPoint();
}

function publishBatch(options: NodeProcessOptions, batch: EnvelopeBatch): void {
  const { run, lab, bus, codec } = options;
  const target = lab.nodes[batch.target]!.name;
  const source = lab.nodes[batch.source]!.name;
  for (const { kind, part } of byKind(batch)) {
    for (const bytes of codec.encodeEnvelopeParts(part, MESSAGE_BYTES_MAX)) bus.publish(
      envelopeSubject(run, target, source, kind), bytes);
  }
}

/** Runs of one kind of message travel on that kind's subject; their places in the channel stay what they were. */
function byKind(batch: EnvelopeBatch): { readonly kind: string; readonly part: EnvelopeBatch }[] {
  const parts: { kind: string; part: EnvelopeBatch }[] = [];
  let from = 0;
  while (from < batch.envelopes.length) {
    const kind = batch.envelopes[from]!.body.type;
    let to = from + 1;
    while (to < batch.envelopes.length && batch.envelopes[to]!.body.type === kind) to++;
    parts.push({ kind, part: { ...batch, before: batch.before + from, envelopes: batch.envelopes.slice(from, to) } });
    from = to;
  }
  return parts;
}
