// A history as a story: one line a record, in the words of those who look after networks, with what brought it about.
// It folds while it tells, so that every name is the one of that moment.

import { type HistoryRecord, type LabSpec, type SimTime } from '@netreel/sim';
import { LabFold, type Placed } from '../lab-fold.js';
import { ENGINE_LINES } from './engine-lines.js';
import { KERNEL_LINES, type Telling } from './kernel-lines.js';
import { type Fields, Names } from './names.js';
import { OVERLAY_LINES } from './overlay-lines.js';

const LINES: ReadonlyMap<string, Telling> =
  new Map(Object.entries({ ...KERNEL_LINES, ...ENGINE_LINES, ...OVERLAY_LINES }));

/** Said before the record is applied: what goes is still known then. */
const GOES = /(Deleted|Removed|Left|Closed|Expired|Reaped|Forgotten|Dropped|Released)$/;

/** Kinds to ask for, by how the names of their records begin; the first that fits. */
const KINDS: readonly (readonly [string, RegExp])[] = [
  ['frame', /^FrameCrossed$/],
  ['fault', /^(Fault|SeedChanged)/],
  ['command', /^(Api|Host(Command|Interrupt))/],
  ['output', /^OutputWritten$/],
  ['store', /^Store(Network|Address|Request)/],
  ['gossip', /^(NetworkPeer|PeerEndpoint|NetworkRows)/],
  ['container', /^(Container|Exec|Sandbox|File|Image|Volume)/],
  ['service', /^(Service|Task)/],
  ['network', /^(Network(Created|Removed)|Address(Assigned|Released)|Endpoint(C|F|J|L|R)|Gateway)/],
  ['link', /^(Netns|Link|Carrier)/],
  ['address', /^Address(Added|Deleted)/],
  ['route', /^(Route|Forwarding)/],
  ['neighbour', /^Neighbour/],
  ['forwarding', /^Fdb/],
  ['filter', /^(Table|Chain|Policy|Rule|Flow)/],
  ['socket', /^(Socket|Tcp)/],
];

/** What a reader can ask for; `message` is what nodes tell each other, `other` what has no kind of its own. */
export const RECORD_KINDS: readonly string[] = [...KINDS.map(([kind]) => kind), 'message', 'other'];

/** Left out unless asked for: every frame and message would bury the rest. */
export const QUIET_KINDS: readonly string[] = ['frame', 'message'];

export function kindOf(record: HistoryRecord): string {
  const found = KINDS.find(([, pattern]) => pattern.test(record.body.type))?.[0];
  if (found === 'frame') return found;
  return record.kind === 'envelope' ? 'message' : found ?? 'other';
}

export interface TimelineLine {
  readonly node: number;
  readonly at: SimTime;
  readonly sequence: number;
  readonly kind: string;
  readonly text: string;
  /** What brought it about: another record, by node and sequence; undefined for inputs and for what booting does. */
  readonly cause: { readonly node: number; readonly sequence: number } | undefined;
  /** Where a message goes. */
  readonly target: number | undefined;
}

export class Timeline {
  private readonly fold: LabFold;

  /** Goes on from `fold`; from the beginning if it is not given. */
  constructor(lab: LabSpec, fold?: LabFold) {
    this.fold = fold ?? new LabFold(lab);
  }

  /** Takes in the next record of the run and tells it. */
  tell(placed: Placed): TimelineLine {
    const { node, record } = placed;
    const goes = GOES.test(record.body.type);
    if (!goes) this.fold.apply(placed);
    const text = tellRecord(record, new Names(this.fold, node));
    if (goes) this.fold.apply(placed);
    return { node, at: record.at, sequence: record.sequence, kind: kindOf(record), text,
      cause: record.kind === 'input' || record.causeSequence === 0 ? undefined
        : { node: record.causeNode, sequence: record.causeSequence },
      target: record.kind === 'envelope' ? record.target : undefined };
  }

  /** Takes in a record that nobody wants told. */
  pass(placed: Placed): void {
    this.fold.apply(placed);
  }
}

/** What a record says; its own name and fields where nobody has found better words. */
export function tellRecord(record: HistoryRecord, names: Names): string {
  const fields = record.body as unknown as Fields;
  const telling = LINES.get(record.body.type);
  if (telling !== undefined) return telling(fields, names);
  const words = record.body.type.replace(/(?<!^)([A-Z])/g, ' $1').toLowerCase();
  const shown = Object.entries(fields).filter(([name]) => name !== 'type')
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  const text = [words, ...shown].join(' ');
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
