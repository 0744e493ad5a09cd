// iperf3 -c: asks for a test, takes part in it and shows both sides' counts.

import type { TcpSocket } from '@netreel/kernel';
import { NEVER, type Operation, SECOND } from '@netreel/sim';
import type { Ipv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { errorText } from '../../usage.js';
import { connectTo, sendAll } from '../stream/stream.js';
import { Control, STATE, newCookie } from './control.js';
import { Flow } from './flow.js';
import type { IperfOptions, Plan } from './options.js';
import { type Outcome, Report } from './report.js';
import { countOf, countsIn, transfer } from './transfer.js';

/** Descriptor of the first stream, and how far apart they are at a client. */
const FIRST_NUMBER = 5;
const NUMBER_STEP = 2;
/** `I am here`, until the server has answered. */
const HELLO = Uint8Array.of(0x36, 0x37, 0x38, 0x39);
const HELLO_WAIT_NS = 30 * SECOND;

export function* client(sys: Sys, options: IperfOptions): Operation<number> {
  const fail = (text: string): number => {
    sys.stderr(`iperf3: error - ${text}\n`);
    return 1;
  };
  const found = yield* resolve(sys, options.host!);
  if (!found.ok) {
    return fail(`unable to connect to server: ${found.failure === 'try-again' ? 'Temporary failure in name resolution'
      : 'Name or service not known'}`);
  }
  const address = found.addresses[0]!;
  const interrupted = watchInterrupts(sys);
  const socket = yield* connectTo(sys, address, options.port);
  if (typeof socket === 'string') {
    const why = socket === 'timeout' ? 'Connection timed out' : errorText(socket);
    return fail(`unable to connect to server: ${why}`);
  }
  const control = new Control(sys, socket);
  const cookie = newCookie(sys);
  yield* sendAll(sys, socket, cookie);
  const plan = fitted(options.plan, socket);
  const report = new Report((text) => sys.stdout(text), plan, true);
  let flows: readonly Flow[] = [];
  let tookNs = 0;
  for (;;) {
    const state = yield* control.state();
    switch (state) {
      case undefined: return fail('control socket has closed unexpectedly');
      case STATE.denied: return fail('the server is busy running a test. try again later');
      case STATE.serverTerminated: return fail('the server has terminated');
      case STATE.parameters:
        sys.stdout(`Connecting to host ${options.host!}, port ${options.port}\n`);
        if (plan.reverse) sys.stdout(`Reverse mode, remote host ${options.host!} is sending\n`);
        yield* control.sendJson(plan);
        break;
      case STATE.createStreams: {
        const made = yield* openFlows(sys, address, options.port, plan, cookie);
        if (typeof made === 'string') return fail(made);
        flows = made;
        report.connected(flows, socket.localAddress);
        break;
      }
      case STATE.running: {
        const over = yield* transfer(sys, control, { plan, flows, report, endsItself: true,
          intervalNs: options.intervalSeconds * SECOND, interrupted });
        tookNs = over.tookNs;
        if (over.why === 'gone') return fail('control socket has closed unexpectedly');
        yield* control.tell(over.why === 'interrupted' ? STATE.clientTerminated : STATE.end);
        if (over.why === 'end') break;
        report.summary(outcomes(plan, flows, undefined), tookNs);
        if (over.why === 'terminated') return fail('the server has terminated');
        sys.stderr('iperf3: interrupt - the client has terminated\n');
        return 1;
      }
      case STATE.results:
        yield* control.sendJson({ streams: flows.map(countOf) });
        report.summary(outcomes(plan, flows, yield* control.readJson()), tookNs);
        break;
      case STATE.display:
        yield* control.tell(STATE.done);
        for (const flow of flows) (flow.tcp ?? flow.udp!).close();
        socket.close();
        sys.stdout('\niperf Done.\n');
        return 0;
      default: break;
    }
  }
}

function watchInterrupts(sys: Sys): () => boolean {
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) sys.catchSignal(signal, () => { interrupted = true; });
  return () => interrupted;
}

/** A datagram is as long as a segment of the control connection, unless its length was given. */
function fitted(plan: Plan, socket: TcpSocket): Plan {
  return plan.blockBytes > 0 || !plan.udp ? plan : { ...plan, blockBytes: socket.info()?.segmentBytes ?? 1460 };
}

/** The streams, or what went wrong. */
function* openFlows(sys: Sys, address: Ipv4, port: number, plan: Plan, cookie: Uint8Array):
  Operation<readonly Flow[] | string> {
  const flows: Flow[] = [];
  for (let at = 0; at < plan.streams; at++) {
    const number = FIRST_NUMBER + at * NUMBER_STEP;
    if (plan.udp) {
      const udp = sys.udpSocket();
      const refused = udp.connect(address, port) ?? udp.sendTo(address, port, HELLO);
      if (refused !== undefined) return `unable to connect stream: ${errorText(refused)}`;
      yield* sys.waitReadable([udp], sys.now() + HELLO_WAIT_NS);
      const gone = udp.takeError();
      if (gone !== undefined) return `unable to read from stream socket: ${errorText(gone)}`;
      if (udp.receive() === undefined) return 'unable to read from stream socket: Resource temporarily unavailable';
      flows.push(new Flow(number, undefined, udp, { address, port }, !plan.reverse, plan));
      continue;
    }
    const local = sys.tcpSocket();
    local.segmentLimitBytes = plan.segmentBytes;
    const tcp = yield* connectTo(sys, address, port, NEVER, local);
    if (typeof tcp === 'string') return `unable to connect stream: ${tcp === 'timeout' ? tcp : errorText(tcp)}`;
    yield* sendAll(sys, tcp, cookie);
    flows.push(new Flow(number, tcp, undefined, { address, port }, !plan.reverse, plan));
  }
  return flows;
}

/** Both sides of every stream; a sender knows how many datagrams there were. */
function outcomes(plan: Plan, flows: readonly Flow[], results: unknown): readonly Outcome[] {
  const theirs = countsIn(results, flows.length);
  return flows.map((flow, at) => {
    const own = countOf(flow);
    const other = theirs[at]!;
    const [sent, received] = plan.reverse ? [other, own] : [own, other];
    return { number: flow.number, sent, received: { ...received, packets: results === undefined ? received.packets
      : sent.packets, lost: received.lost + (results === undefined ? 0 : Math.max(0, sent.packets - received.packets)),
    } };
  });
}
