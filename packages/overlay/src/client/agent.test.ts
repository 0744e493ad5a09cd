import { Agenda, RANK, SECOND, startOperation, type Handler, type SimTime } from '@netreel/sim';
import { StoreBench, specOf } from '../../test/store-bench.js';
import type { StoreAsked } from '../messages.js';
import { RESENDS, StoreClientAgent } from './agent.js';

/** An agent whose messages are caught, and whose timers run when told to. */
class AgentBench {
  now = 0;
  readonly sent: StoreAsked[] = [];
  readonly agent: StoreClientAgent;
  private readonly agenda = new Agenda();
  private timers = 0;

  constructor(startAt: SimTime = 0, hasStore = true) {
    this.now = startAt;
    this.agent = new StoreClientAgent({
      managers: () => (hasStore ? [3] : []),
      now: () => this.now,
      schedule: <A>(at: SimTime, handler: Handler<A>, argument: A) =>
        this.agenda.push(at, RANK.timer, 0, this.timers++, handler, argument, 0, 0),
      cancel: (ticket) => this.agenda.cancel(ticket),
      send: (_target, message) => this.sent.push(message),
    });
  }

  run(until: SimTime): void {
    while (this.agenda.pop(until)) {
      this.now = this.agenda.at;
      this.agenda.handler!.fire(this.agenda.argument as never);
    }
    this.now = until;
  }

  nextAt(): SimTime {
    return this.agenda.nextAt();
  }
}

describe('the host\'s side of the store', () => {
  it('brings an answer back to who asked', () => {
    const store = new StoreBench();
    const bench = new AgentBench();
    const results: unknown[] = [];
    startOperation(bench.agent.createNetwork(specOf('ov')), (answer) => results.push(answer));
    startOperation(bench.agent.networks(), (answer) => results.push(answer));
    expect(bench.sent.map((message) => [message.operation, message.request])).toEqual([['CreateNetwork', 1],
      ['ListNetworks', 2]]);
    for (const message of bench.sent) store.store.onMessage(0, message);
    // In the other order than asked.
    for (const { message } of [...store.sent].reverse()) bench.agent.onMessage(message);
    expect(results).toEqual([{ ok: true, value: [expect.objectContaining({ name: 'ingress' }),
      expect.objectContaining({ name: 'ov' })] },
      { ok: true, value: expect.objectContaining({ name: 'ov', vni: 4097 }) }]);
    expect(bench.nextAt()).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('sends the same request again while no answer comes, and counts a late second answer for nothing', () => {
    const store = new StoreBench();
    store.create('ov');
    const bench = new AgentBench();
    const results: unknown[] = [];
    startOperation(bench.agent.takeAddress('ov', 'c1', undefined), (answer) => results.push(answer));
    bench.run(5 * SECOND);
    expect(bench.sent).toHaveLength(3);
    expect(new Set(bench.sent).size).toBe(1);
    for (const message of bench.sent) store.store.onMessage(0, { ...message, request: 700 + message.request });
    for (const { message } of store.sent.slice(1)) bench.agent.onMessage({ ...message,
      request: message.request - 700 });
    expect(results).toEqual([{ ok: true, value: { address: 0x0a000102 } }]);
  });

  it('gives up after the last resend with Docker\'s text', () => {
    const bench = new AgentBench();
    const results: unknown[] = [];
    startOperation(bench.agent.releaseAddress('ov', 1), (answer) => results.push([bench.now, answer]));
    bench.run(60 * SECOND);
    expect(bench.sent).toHaveLength(1 + RESENDS);
    expect(results).toEqual([[8 * SECOND, { ok: false, kind: 'Unavailable',
      message: 'rpc error: code = DeadlineExceeded desc = context deadline exceeded' }]]);
  });

  it('stops sending when the work it belongs to is abandoned', () => {
    const bench = new AgentBench();
    const abandon = startOperation(bench.agent.removeNetwork('ov'), () => { throw new Error('nobody waits'); });
    abandon();
    bench.run(60 * SECOND);
    expect(bench.sent).toHaveLength(1);
    bench.agent.onMessage({ type: 'StoreAnswered', request: bench.sent[0]!.request, body: { ok: true, value: null } });
  });

  it('refuses at once in a lab without a store', () => {
    const bench = new AgentBench(0, false);
    const results: unknown[] = [];
    startOperation(bench.agent.networks(), (answer) => results.push(answer));
    expect(results).toEqual([{ ok: false, kind: 'Unavailable',
      message: expect.stringContaining('This node is not a swarm manager.') }]);
    expect(bench.sent).toEqual([]);
  });

  it('numbers requests above those of an earlier life of the host', () => {
    const before = new AgentBench();
    for (let i = 0; i < 5; i++) startOperation(before.agent.networks(), () => undefined);
    const after = new AgentBench(SECOND);
    startOperation(after.agent.networks(), () => undefined);
    expect(after.sent[0]!.request).toBeGreaterThan(before.sent.at(-1)!.request);
  });
});
