// The frame of a process of a run: settings, connections, work, and one clear line with an exit status of its own when
// it fails.

import { type Codec, controlCodec } from '@netreel/protocol';
import type { LabSpec } from '@netreel/sim';
import { natsBus } from '../bus/nats.js';
import type { Bus } from '../bus/bus.js';
import { type Journal, JournalFault, type RunManifest } from '../journal/journal.js';
import { redisJournal } from '../journal/redis/redis.js';
import { createLog } from '../log.js';
import { Conductor, NodeSilent } from './conductor.js';
import { runNodes } from './node-process.js';
import { HistoryDiffers, type NodeFactory } from './node-runner.js';
import type { ServiceConfig } from './service-config.js';

/** Exit statuses of a process of a run; whoever starts it tells by them whether starting it again can help. */
export const SERVICE_EXIT = { ended: 0, failed: 1, settings: 2, differs: 4, unreachable: 5 } as const;

interface Connected {
  readonly config: ServiceConfig;
  readonly journal: Journal;
  readonly bus: Bus;
  readonly manifest: RunManifest;
  /** Of a process that stands by: it is to take over. */
  readonly told: Promise<unknown> | undefined;
}

/** Lives the nodes that the settings name until the conductor says stop. */
export function serveNodes(name: string, load: () => ServiceConfig, factory: NodeFactory, codec: Codec): Promise<void> {
  return serve(name, load, async ({ config, journal, bus, manifest, told }, log) => {
    const lab = manifest.lab as unknown as LabSpec;
    const { repairs } =
      await runNodes(
        { run: config.run, lab, nodes: config.nodes, factory, codec, journal, bus, name,
          standby: told });
    if (repairs > 0) log.info({ repairs }, 'fetched from journals what the bus had lost');
  });
}

/** Conducts a run: `work` gets the manifest and a way to gather all node processes of a lab. */
export function serveConductor(load: () => ServiceConfig,
  work: (manifest: RunManifest, conduct: (lab: LabSpec) => Promise<Conductor>) => Promise<void>): Promise<void> {
  return serve('conductor', load, async ({ config, bus, manifest }) => {
    let conductor: Conductor | undefined;
    try {
      await work(manifest, async (lab) => {
        conductor = new Conductor({ run: config.run, lab, bus, codec: controlCodec });
        await conductor.gather();
        return conductor;
      });
    } finally {
      await conductor?.stop('the run is over');
    }
  });
}

async function serve(name: string, load: () => ServiceConfig,
  work: (connected: Connected, log: ReturnType<typeof createLog>) => Promise<void>): Promise<void> {
  let config: ServiceConfig;
  try {
    config = load();
  } catch (error) {
    end(name, SERVICE_EXIT.settings, error);
    return;
  }
  const log = createLog(name, config.logLevel);
  const journal = redisJournal(config.redisUrl, { report: (trouble) => log.warn(trouble) });
  let bus: Bus | undefined;
  // Before anything is read: it may be told while it is still starting.
  const told = config.standby ? new Promise((resolve) => { process.stdin.once('data', resolve); }) : undefined;
  // Whoever started us may hold our standard input: when it is gone, so are we.
  if (config.endsWithInput) {
    process.stdin.on('end', () => process.exit(SERVICE_EXIT.ended)).on('error', () => undefined).resume();
  }
  process.on('SIGTERM', () => process.exit(SERVICE_EXIT.ended));
  try {
    bus = await busAt(config.natsUrl);
    const manifest = await journal.manifest(config.run);
    if (manifest === undefined) throw new Error(`the journal has no run ${config.run}`);
    await work({ config, journal, bus, manifest, told }, log);
    process.exitCode = SERVICE_EXIT.ended;
  } catch (error) {
    end(name, statusOf(error), error);
  } finally {
    await bus?.close();
    await journal.close();
    if (config.endsWithInput) process.stdin.destroy();
  }
}

/** A server that stayed away for as long as we are patient: starting this process again would only find the same. */
class Unreachable extends Error {}

async function busAt(url: string): Promise<Bus> {
  try {
    return await natsBus(url);
  } catch (error) {
    throw new Unreachable(`no answer from NATS at ${url}: ${(error as Error).message}`);
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HistoryDiffers) return SERVICE_EXIT.differs;
  const away = error instanceof Unreachable || error instanceof NodeSilent
    || (error instanceof JournalFault && error.code === 'unavailable');
  return away ? SERVICE_EXIT.unreachable : SERVICE_EXIT.failed;
}

function end(name: string, status: number, error: unknown): void {
  process.stderr.write(`netreel ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = status;
}
