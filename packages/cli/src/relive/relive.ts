// A recorded run lived again for what no journal holds: every frame at every device. What comes out must be what was
// recorded, or there is nothing to look at.

import { type HostNode, type LiveNode, NodeMaker } from '@netreel/host';
import { chainHash, genesisHash, historyCodec } from '@netreel/protocol';
import { type Cause, type Commit, type FrameBytes, type SimTime, formatTime } from '@netreel/sim';
import { RecordedOperator, World } from '@netreel/world';
import { EXIT, UserFault } from '../fault.js';
import type { Recipe } from './recipe.js';

type Tap = Parameters<HostNode['kernel']['addTap']>[0];
type LinkRow = Parameters<Tap['frame']>[1];

/** Looks on while a run is lived again. What it is shown it must not keep: buffers go on to be used. */
export interface Onlooker {
  frame(node: number, direction: 'in' | 'out', link: LinkRow, frame: FrameBytes, moment: Lived): void;
  /** `where` is a namespace and a device (`host/eth0`), or a namespace alone. */
  lost(node: number, where: string, reason: string, frame: FrameBytes | undefined, moment: Lived): void;
  /** A fault rule swallowed a frame on its way to another node. */
  faulted(node: number, rule: string, target: number, frame: FrameBytes, moment: Lived): void;
}

export interface Lived {
  readonly at: SimTime;
  readonly cause: Cause;
}

export class Reliving {
  readonly maker = new NodeMaker();
  readonly world: World;
  private readonly operator: RecordedOperator;
  private readonly links: string[];
  private readonly numbers: number[];

  constructor(private readonly recipe: Recipe, private readonly onCommit?: (commit: Commit, node: number) => void) {
    const { lab } = recipe;
    this.links = lab.nodes.map(({ name }) => genesisHash(name));
    this.numbers = lab.nodes.map(() => 0);
    this.world = new World(lab, { become: (machine) => this.maker.become(machine),
      sink: (commit, node) => this.compare(commit, node) });
    this.operator = new RecordedOperator(recipe.inputs, recipe.lastFrom);
  }

  /** Shows everything that happens from `from` on. */
  watch(onlooker: Onlooker, from: SimTime): void {
    for (const [node, live] of this.maker.nodes) this.watchNode(node, live, onlooker, from);
  }

  /** Lives every window that begins before `until`. */
  liveUntil(until: SimTime): void {
    while (!this.operator.done() && this.world.until < until) {
      if (this.world.step(this.operator, until) !== undefined) return;
    }
  }

  private watchNode(node: number, live: LiveNode, onlooker: Onlooker, from: SimTime): void {
    if (!('kernel' in live)) return;
    const machine = this.world.machines[node]!;
    const moment = (): Lived => ({ at: machine.now(), cause: machine.cause() });
    live.kernel.addTap({
      frame: (direction, link, frame) => {
        if (machine.now() >= from) onlooker.frame(node, direction, link, frame, moment());
      },
      dropped: (where, reason, frame) => {
        if (machine.now() >= from) onlooker.lost(node, where, reason, frame, moment());
      },
    });
    live.uplink.onFaulted = (rule, target, frame) => {
      if (machine.now() >= from) onlooker.faulted(node, rule, target, frame, moment());
    };
  }

  private compare(commit: Commit, node: number): void {
    const link = chainHash(this.links[node]!, historyCodec.encodeCommit(commit));
    this.links[node] = link;
    const recorded = this.recipe.links[node]![this.numbers[node]!++];
    if (recorded !== undefined && recorded !== link) {
      const { run, codeVersion, nodeVersion } = this.recipe.manifest;
      throw new UserFault(EXIT.failed, `run ${run} comes out differently on ${commit.node} at ` +
        `${formatTime(commit.from)}: it was recorded by netreel ${codeVersion} on Node ${nodeVersion}; ` +
        '`netreel verify` shows the difference');
    }
    this.onCommit?.(commit, node);
  }
}
