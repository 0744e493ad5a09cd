// A host's side of the store: what its engine calls. Every call is a message there and one back over an underlay that
// loses some, so it is sent again until an answer comes or patience ends.

import { SECOND, suspended, type Handler, type Json, type Operation, type SimTime, type Ticket } from '@netreel/sim';
import { counterFloor } from '../counter.js';
import type { DispatchMessage, StoreAnswered, StoreAsked } from '../messages.js';
import type {
  OverlayNetwork, OverlayNetworkSpec, StoreAnswer, StoreBodies, StoreOperation, StoreRefusal,
} from '../store/objects.js';
import { refusal } from '../store/refusal.js';

export const RESEND_AFTER_NS = 2 * SECOND;
/** Times that a request is sent again after the first. */
export const RESENDS = 3;
const REDIRECTS_MAX = 3;

const NO_MANAGER = refusal('Unavailable', 'This node is not a swarm manager. Use "docker swarm init" or ' +
  '"docker swarm join" to connect this node to swarm and try again.');

type StoreRedirected = Extract<DispatchMessage, { type: 'StoreRedirected' }>;

/** What the agent asks of its node. */
export interface StoreClientPort {
  /** Nodes that may know the store: the managers of this host's swarm, or the lab's overlay service. */
  managers(): readonly number[];
  now(): SimTime;
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
  send(target: number, message: StoreAsked): void;
}

interface Waiting {
  readonly message: StoreAsked;
  /** The only one to be asked; undefined for whoever leads. */
  only: number | undefined;
  readonly resume: (answer: StoreAnswer<Json>) => void;
  resends: number;
  /** Times that it was sent on to another node since it was last sent by the clock. */
  redirects: number;
  timer: Ticket;
}

export class StoreClientAgent {
  private readonly waiting = new Map<number, Waiting>();
  private lastRequest: number;
  /** Who was last said to lead; undefined for whoever is named first. */
  private leader: number | undefined;
  private readonly resend: Handler<Waiting> = { fire: (waiting) => this.patienceShrinks(waiting) };

  constructor(private readonly port: StoreClientPort) {
    this.lastRequest = counterFloor(port.now());
  }

  createNetwork(spec: OverlayNetworkSpec): Operation<StoreAnswer<OverlayNetwork>> {
    return this.call<OverlayNetwork, 'CreateNetwork'>('CreateNetwork', spec);
  }

  /** By id or name. */
  removeNetwork(network: string): Operation<StoreAnswer<null>> {
    return this.call<null, 'RemoveNetwork'>('RemoveNetwork', { network });
  }

  /** All overlay networks, ingress among them, in the order of their creation. */
  networks(): Operation<StoreAnswer<readonly OverlayNetwork[]>> {
    return this.call<readonly OverlayNetwork[], 'ListNetworks'>('ListNetworks', null);
  }

  /** `owner` names the endpoint; asking again for an owner that holds an address gives that one. */
  takeAddress(network: string, owner: string,
    wanted: number | undefined): Operation<StoreAnswer<{ readonly address: number }>> {
    return this.call<{ readonly address: number }, 'TakeAddress'>('TakeAddress', { network, owner,
      wanted: wanted ?? null });
  }

  releaseAddress(network: string, address: number): Operation<StoreAnswer<null>> {
    return this.call<null, 'ReleaseAddress'>('ReleaseAddress', { network, address });
  }

  /** Asks anything of the store. */
  ask(operation: string, body: Json): Operation<StoreAnswer<Json>> {
    if (this.port.managers().length === 0) return refused(NO_MANAGER);
    return this.conversation(operation, body, undefined);
  }

  /** Asks one node: whether it manages anything is to be seen. */
  askOf<T>(target: number, operation: StoreOperation, body: Json): Operation<StoreAnswer<T>> {
    return this.conversation(operation, body, target) as Operation<StoreAnswer<T>>;
  }

  /** Other managers count from now on. */
  forgetLeader(): void {
    this.leader = undefined;
  }

  private *conversation(operation: string, body: Json, only: number | undefined): Operation<StoreAnswer<Json>> {
    const request = ++this.lastRequest;
    try {
      return yield* suspended<StoreAnswer<Json>>((resume) => {
        const waiting: Waiting = { message: { type: 'StoreAsked', request, operation, body }, only, resume, resends: 0,
          redirects: 0, timer: 0 };
        this.waiting.set(request, waiting);
        this.transmit(waiting);
      });
    } finally {
      // Reached early when the operation is abandoned: then nobody waits any more.
      this.settle(request);
    }
  }

  /** The asked node named another one that leads. */
  onRedirect(message: StoreRedirected): void {
    const waiting = this.waiting.get(message.request);
    // Two that name each other must not keep a request going round.
    if (waiting === undefined || ++waiting.redirects > REDIRECTS_MAX) return;
    this.leader = message.leader - 1;
    this.port.cancel(waiting.timer);
    waiting.only = undefined;
    this.transmit(waiting);
  }

  /** An answer arrived, perhaps once more. */
  onMessage(message: StoreAnswered): void {
    const waiting = this.settle(message.request);
    waiting?.resume(message.body as unknown as StoreAnswer<Json>);
  }

  private call<T, K extends StoreOperation>(operation: K, body: StoreBodies[K]): Operation<StoreAnswer<T>> {
    return this.ask(operation, body as Json) as Operation<StoreAnswer<T>>;
  }

  private transmit(waiting: Waiting): void {
    this.port.send(waiting.only ?? this.leader ?? this.managerInTurn(waiting), waiting.message);
    waiting.timer = this.port.schedule(this.port.now() + RESEND_AFTER_NS, this.resend, waiting);
  }

  private managerInTurn({ resends }: Waiting): number {
    const managers = this.port.managers();
    return managers[resends % managers.length]!;
  }

  private patienceShrinks(waiting: Waiting): void {
    if (waiting.resends < RESENDS) {
      waiting.resends++;
      waiting.redirects = 0;
      // Whoever was said to lead is silent: another may know better.
      this.leader = undefined;
      this.transmit(waiting);
      return;
    }
    this.settle(waiting.message.request);
    waiting.resume(refusal('Unavailable', 'rpc error: code = DeadlineExceeded desc = context deadline exceeded'));
  }

  private settle(request: number): Waiting | undefined {
    const waiting = this.waiting.get(request);
    if (waiting === undefined) return undefined;
    this.waiting.delete(request);
    this.port.cancel(waiting.timer);
    return waiting;
  }
}

function* refused(answer: StoreRefusal): Operation<StoreAnswer<Json>> {
  return answer;
}
