// The process of a live lab: sockets, control, the loop that lets it live, and its end.

import type { Server } from 'node:net';
import { join } from 'node:path';
import { DockerSocket, type EngineDoor, type Place, type TlsFiles } from '@netreel/docker-socket';
import { type Journal, LiveLoop, fileJournal, wallClock } from '@netreel/runtime';
import type { LabSpec } from '@netreel/sim';
import type { Scenario } from '@netreel/world';
import type { Places } from '../places.js';
import { createRun } from '../running/manifest.js';
import type { Outcome } from '../running/outcome.js';
import { type ControlAnswer, type ControlOrder, serveControl } from './control.js';
import { EmbeddedLab } from './embedded-lab.js';
import type { LiveLab } from './lab.js';
import { type LabState, removeState, socketFolder, writeState } from './places.js';

export interface LiveOptions {
  readonly mode: 'embedded' | 'processes';
  readonly pace: '1x' | 'max';
  readonly apiVersion: string;
  /** TCP beside the unix sockets: the first host listens here, each further one at the next port. */
  readonly tcp?: { readonly host: string; readonly port: number; readonly tls?: TlsFiles };
}

export class LiveService {
  private lab!: LiveLab;
  private loop!: LiveLoop;
  private living: Promise<void> = Promise.resolve();
  private readonly sockets: DockerSocket[] = [];
  private control: Server | undefined;
  private ended: () => void = () => undefined;
  /** Kept when the lab is down. */
  readonly end = new Promise<void>((resolve) => { this.ended = resolve; });
  state!: LabState;

  private constructor(private readonly places: Places, private readonly scenario: Scenario,
    private readonly text: string, private readonly options: LiveOptions, private readonly journal: Journal) {}

  static async start(places: Places, scenario: Scenario, text: string, options: LiveOptions,
    notice: (text: string) => void): Promise<LiveService> {
    const journal = fileJournal(places.runs, { report: notice });
    const service = new LiveService(places, scenario, text, options, journal);
    await service.begin();
    await service.listen();
    return service;
  }

  /** Ends the lab; what stays is its history. */
  async down(): Promise<void> {
    for (const socket of this.sockets) await socket.close();
    await this.finish();
    await this.journal.close();
    this.control?.close();
    removeState(this.places, this.state);
    this.ended();
  }

  /** Fresh hosts behind the same sockets; the run so far is brought to its end. */
  async reset(): Promise<void> {
    await this.finish();
    for (const socket of this.sockets) socket.hangUp();
    await this.begin();
    this.state = { ...this.state, run: this.lab.manifest.run };
    writeState(this.places, this.state);
  }

  private async begin(): Promise<void> {
    const manifest = await createRun(this.journal, this.scenario, this.text, this.options.mode, new Date());
    const lab = await EmbeddedLab.open(manifest, this.journal);
    this.lab = lab;
    this.loop = new LiveLoop(lab, this.options.pace, () => wallClock.nowMs());
    lab.clock = () => this.loop.now();
    lab.onOrder = () => this.loop.wake();
    this.living = this.loop.run();
  }

  private async finish(): Promise<void> {
    this.loop.stop();
    await this.living;
    const { manifest } = this.lab;
    const closed = await this.lab.close();
    const outcome: Outcome = { run: manifest.run, seed: manifest.seed, mode: this.options.mode, verdict: 'held',
      virtualNs: closed.until, wallMs: Date.now() - Date.parse(manifest.createdAt), events: closed.records,
      frames: closed.frames, history: closed.history, checks: [] };
    await this.journal.finish(manifest.run, outcome as never);
  }

  private async listen(): Promise<void> {
    const { places, options } = this;
    const folder = socketFolder(places);
    const hosts = (this.lab.manifest.lab as unknown as LabSpec).nodes.filter(({ kind }) => kind === 'host');
    const addresses: { [name: string]: string } = {};
    for (const [index, { name }] of hosts.entries()) {
      const path = join(folder, `${name}.sock`);
      await this.open({ path }, name);
      addresses[name] = `unix://${path}`;
      if (options.tcp !== undefined) await this.open({ ...options.tcp, port: options.tcp.port + index }, name);
    }
    const control = join(folder, 'control.sock');
    this.control = await serveControl(control, (order) => this.carryOut(order));
    this.state = { pid: process.pid, run: this.lab.manifest.run, mode: options.mode, pace: options.pace,
      apiVersion: options.apiVersion, hosts: addresses, control, folder };
    writeState(places, this.state);
  }

  private async open(place: Place, host: string): Promise<void> {
    // Behind one and the same socket may be one lab after the other.
    const door: EngineDoor = { call: (request, listener) => this.lab.door(host).call(request, listener) };
    this.sockets.push(await DockerSocket.listen(place, door, this.options.apiVersion));
  }

  private async carryOut(order: ControlOrder): Promise<ControlAnswer> {
    switch (order.do) {
      case 'state': return { ok: true, text: this.state.run };
      case 'step':
        this.loop.step(order.windows);
        return { ok: true, text: '' };
      case 'reset':
        await this.reset();
        return { ok: true, text: this.state.run };
      case 'down':
        // The answer goes out first: it is the last thing this process says.
        setImmediate(() => { void this.down(); });
        return { ok: true, text: this.state.run };
      default: return { ok: false, text: 'an order that this lab does not know' };
    }
  }
}
