// iperf3 -s: one test after the other.

import type { TcpListener, TcpSocket, UdpSocket } from '@netreel/kernel';
import { NEVER, type Operation, SECOND } from '@netreel/sim';
import { formatAddress } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { errorText } from '../../usage.js';
import { COOKIE_BYTES, Control, STATE } from './control.js';
import { Flow } from './flow.js';
import type { IperfOptions, Plan } from './options.js';
import { Report } from './report.js';
import { type Over, countOf, countsIn, transfer } from './transfer.js';

const RULE = '-----------------------------------------------------------\n';
const STREAMS_MOST = 128;
/** Descriptors of the streams: with TCP the second one is the listener's neighbour. */
const FIRST_NUMBER = 5;
const ANSWER = Uint8Array.of(0x39, 0x38, 0x37, 0x36);

export function* server(sys: Sys, options: IperfOptions): Operation<number> {
  const listener = sys.tcpListener();
  const refused = listener.bind(0, options.port) ?? listener.listen(STREAMS_MOST);
  if (refused !== undefined) {
    sys.stderr(`iperf3: error - unable to start listener for connections: ${errorText(refused)}\n`
      + 'iperf3: exiting\n');
    return 1;
  }
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) sys.catchSignal(signal, () => { interrupted = true; });
  for (let test = 1; ; test++) {
    sys.stdout(`${RULE}Server listening on ${options.port} (test #${test})\n${RULE}`);
    const socket = yield* accept(sys, listener, () => interrupted);
    if (socket !== undefined) {
      yield* new ServedTest(sys, options, listener, new Control(sys, socket), () => interrupted).run();
      socket.close();
      sys.disown(socket);
    }
    if (interrupted) {
      sys.stderr('iperf3: interrupt - the server has terminated\n');
      return 1;
    }
    if (options.once) return 0;
  }
}

function* accept(sys: Sys, listener: TcpListener, stopped: () => boolean): Operation<TcpSocket | undefined> {
  while (!stopped()) {
    const socket = listener.accept();
    if (socket !== undefined) return sys.own(socket);
    if (listener.takeError() !== undefined) return undefined;
    yield* sys.waitReadable([listener], NEVER);
  }
  return undefined;
}

class ServedTest {
  constructor(private readonly sys: Sys, private readonly options: IperfOptions, private readonly listener: TcpListener,
    private readonly control: Control, private readonly interrupted: () => boolean) {}

  *run(): Operation<void> {
    const { sys, control } = this;
    const { remoteAddress, remotePort } = control.socket;
    const cookie = yield* control.read(COOKIE_BYTES);
    if (cookie === undefined) return this.fail('unable to receive cookie at server: Bad file descriptor');
    sys.stdout(`Accepted connection from ${formatAddress(remoteAddress)}, port ${remotePort}\n`);
    yield* control.tell(STATE.parameters);
    const plan = planIn(yield* control.readJson());
    if (plan === undefined) return this.fail('unable to receive parameters from client');
    const udp = plan.udp ? sys.udpSocket() : undefined;
    const refused = udp?.bind(0, this.options.port);
    if (refused !== undefined) return this.fail(`unable to create a new stream: ${errorText(refused)}`);
    yield* control.tell(STATE.createStreams);
    const flows = udp === undefined ? yield* this.acceptFlows(plan, cookie) : yield* this.greetFlows(plan, udp);
    if (flows.length === plan.streams) yield* this.serve(plan, flows);
    for (const { tcp } of flows) {
      if (tcp === undefined) continue;
      tcp.close();
      sys.disown(tcp);
    }
    udp?.close();
  }

  private *serve(plan: Plan, flows: readonly Flow[]): Operation<void> {
    const { sys, control } = this;
    const report = new Report((text) => sys.stdout(text), plan, false);
    report.connected(flows, control.socket.localAddress);
    yield* control.tell(STATE.start);
    yield* control.tell(STATE.running);
    const over = yield* transfer(sys, control, { plan, flows, report, endsItself: false,
      intervalNs: this.options.intervalSeconds * SECOND, interrupted: this.interrupted });
    const theirs = over.why === 'end' ? yield* this.exchange(flows) : undefined;
    report.summary(flows.map((flow, at) => {
      const own = countOf(flow);
      if (flow.sender) return { number: flow.number, sent: own, received: undefined };
      const packets = theirs === undefined ? own.packets : countsIn(theirs, flows.length)[at]!.packets;
      const late = Math.max(0, packets - own.packets);
      return { number: flow.number, sent: undefined, received: { ...own, packets: own.packets + late,
        lost: own.lost + late } };
    }), over.tookNs);
    yield* this.farewell(over);
  }

  private *exchange(flows: readonly Flow[]): Operation<unknown> {
    const { control } = this;
    yield* control.tell(STATE.results);
    const theirs = yield* control.readJson();
    yield* control.sendJson({ streams: flows.map(countOf) });
    yield* control.tell(STATE.display);
    yield* control.state();
    return theirs;
  }

  private *farewell({ why }: Over): Operation<void> {
    if (why === 'terminated') this.sys.stderr('iperf3: the client has terminated\n');
    else if (why === 'gone') this.fail('control socket has closed unexpectedly');
    else if (why === 'interrupted') yield* this.control.tell(STATE.serverTerminated);
  }

  /** A connection with another cookie is another client's, who has to wait. */
  private *acceptFlows(plan: Plan, cookie: Uint8Array): Operation<readonly Flow[]> {
    const { sys, control } = this;
    const flows: Flow[] = [];
    while (flows.length < plan.streams && !control.broken && !this.interrupted()) {
      const tcp = this.listener.accept();
      if (tcp === undefined) {
        yield* sys.waitReadable([this.listener, control.socket], NEVER);
        if (control.socket.readable()) control.takeState();
        continue;
      }
      sys.own(tcp);
      const shown = yield* new Control(sys, tcp).read(COOKIE_BYTES);
      if (shown?.every((byte, at) => byte === cookie[at]) !== true) {
        tcp.send(Uint8Array.of(STATE.denied));
        tcp.close();
        sys.disown(tcp);
        continue;
      }
      tcp.segmentLimitBytes = plan.segmentBytes;
      const number = FIRST_NUMBER + (flows.length === 0 ? 0 : 1 + 2 * flows.length);
      flows.push(new Flow(number, tcp, undefined, { address: tcp.remoteAddress, port: tcp.remotePort }, plan.reverse,
        plan));
    }
    return flows;
  }

  /** One socket for all of them: whoever greets is answered. */
  private *greetFlows(plan: Plan, udp: UdpSocket): Operation<readonly Flow[]> {
    const { sys, control } = this;
    const flows: Flow[] = [];
    while (flows.length < plan.streams && !control.broken && !this.interrupted()) {
      yield* sys.waitReadable([udp, control.socket], NEVER);
      if (control.socket.readable()) control.takeState();
      const hello = udp.receive();
      if (hello === undefined) continue;
      udp.sendTo(hello.source, hello.sourcePort, ANSWER);
      flows.push(new Flow(FIRST_NUMBER + flows.length, undefined, udp, { address: hello.source,
        port: hello.sourcePort }, plan.reverse, plan));
    }
    return flows;
  }

  private fail(text: string): void {
    this.sys.stderr(`iperf3: error - ${text}\n`);
  }
}

/** What a client may ask for. */
function planIn(value: unknown): Plan | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const asked = value as Partial<Plan>;
  const { streams, seconds, bytes, bitsPerSecond, blockBytes, segmentBytes } = asked;
  const numbers = [streams, seconds, bytes, bitsPerSecond, blockBytes, segmentBytes];
  const sane = numbers.every((number) => typeof number === 'number' && Number.isFinite(number) && number >= 0);
  if (!sane || streams! < 1 || streams! > STREAMS_MOST) return undefined;
  return { udp: asked.udp === true, reverse: asked.reverse === true, streams: streams!, seconds: seconds!,
    bytes: bytes!, bitsPerSecond: bitsPerSecond!, blockBytes: blockBytes!, segmentBytes: segmentBytes! };
}
