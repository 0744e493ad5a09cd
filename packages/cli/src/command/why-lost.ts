// netreel why-lost: packets that were lost, hop by hop to the place and the reason. No journal holds single frames: the
// run is lived again up to the end of the span, and watched in it.

import { type Journal } from '@netreel/runtime';
import { NEVER, formatTime } from '@netreel/sim';
import { type Trace, compileFilter } from '@netreel/views';
import { EXIT, UserFault } from '../fault.js';
import { momentOf } from '../moment.js';
import { TracingOnlooker, namesOf } from '../relive/onlookers.js';
import { type Recipe, readRecipe } from '../relive/recipe.js';
import { Reliving } from '../relive/relive.js';
import { type JournalChoice, withRun } from '../running/journals.js';
import { openRun } from '../past/open.js';
import type { CommandContext } from './context.js';
import { mustBeNode } from './replay.js';
import { causesOf } from './why.js';

export interface WhyLostOptions extends JournalChoice {
  readonly from?: string;
  readonly to?: string;
  readonly host?: readonly string[];
  readonly most?: number;
  readonly json?: boolean;
}

const SHOWN = 20;

/** `packet`: words of a capture filter, such as `icmp and host 10.0.1.2`. */
export async function whyLostCommand(context: CommandContext, reference: string, packet: readonly string[],
  options: WhyLostOptions): Promise<void> {
  const filter = compileFilter(packet);
  if (typeof filter === 'string') throw new UserFault(EXIT.wrong, `${packet.join(' ')}: ${filter}`);
  await withRun(context.places, options, reference, context.notice, async (journal, run) => {
    const recipe = await readRecipe(journal, run);
    const names = recipe.lab.nodes.map((node) => node.name);
    for (const host of options.host ?? []) mustBeNode(names, host);
    const losses = watchLosses(recipe, options).filter((trace) => filter(trace.bytes)
      && (options.host === undefined || trace.hops.some((hop) => options.host!.includes(names[hop.node]!))));
    const shown = losses.slice(0, options.most ?? SHOWN);
    if (options.json === true) {
      context.out(`${JSON.stringify(shown.map(({ text, hops }) => ({ packet: text,
        hops: hops.map((hop) => ({ ...hop, node: names[hop.node]! })) })))}\n`);
    } else {
      for (const trace of shown) await print(context, journal, recipe, names, trace);
      const more = losses.length - shown.length;
      context.out(losses.length === 0 ? 'no such packet was lost\n'
        : `${losses.length} lost${more > 0 ? `, ${more} of them not shown` : ''}\n`);
    }
    context.exit(losses.length === 0 ? EXIT.missing : EXIT.held);
  });
}

function watchLosses(recipe: Recipe, { from = '0', to }: WhyLostOptions): Trace[] {
  const until = to === undefined ? NEVER : momentOf(to);
  const reliving = new Reliving(recipe);
  const onlooker = new TracingOnlooker(namesOf(recipe.lab, reliving), (node) => recipe.lab.nodes[node]!.name);
  reliving.watch(onlooker, momentOf(from));
  reliving.liveUntil(until);
  return onlooker.traces.losses();
}

async function print(context: CommandContext, journal: Journal, recipe: Recipe, names: readonly string[],
  trace: Trace): Promise<void> {
  context.out(`${trace.text}\n`);
  for (const { at, node, direction, place, reason } of trace.hops) {
    const what = direction === 'lost' ? `lost, ${place}: ${reason}` : `${direction.padEnd(3)} ${place}`;
    context.out(`  ${formatTime(at).padStart(14)}  ${names[node]!.padEnd(8)}  ${what}\n`);
  }
  const { causeNode, causeSequence } = trace.cause;
  if (causeSequence === 0) return;
  const { seeker } = await openRun(context.places, journal, recipe.manifest.run);
  const chain = await causesOf(recipe.lab, seeker, { node: causeNode, sequence: causeSequence });
  const root = chain[chain.length - 1]!;
  context.out(`  because ${names[root.node]!}/${root.record.sequence} ${root.text}\n`);
}
