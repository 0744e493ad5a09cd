// What both packet benches measure: CPU time a delivered datagram, once everything has been learned and compiled.

import { measure } from '../measure.mjs';
import { startTraffic, traceHops } from './hosts.mjs';

export const RECORDINGS = ['recording off', 'table events recorded', 'hop traces'];

/**
 * Runs the traffic until `warmUp` and then `count` datagrams have arrived; `ns3Us` is the published figure to compare
 * with.
 */
export function measurePackets(lab, containers, { payloadBytes, intervalNs, warmUp, count, traced, ns3Us }) {
  const trace = traced ? traceHops(lab) : undefined;
  startTraffic(lab, containers, { payloadBytes, intervalNs });
  const packetNs = intervalNs / containers.length;
  const begin = lab.world.until + 1_000_000;
  lab.runUntil(begin + warmUp * packetNs);
  const before = { delivered: lab.delivered, bytes: lab.recordedBytes, hops: trace?.hops ?? 0, until: lab.world.until };
  const { cpuUs, wallUs } = measure(() => lab.runUntil(before.until + count * packetNs));
  const delivered = lab.delivered - before.delivered;
  if (lab.losses() !== '') throw new Error(`frames were lost: ${lab.losses()}`);
  // What is on its way at the end is all that may be missing.
  if (delivered < count * 0.99
    || lab.sent - lab.delivered > count * 0.01) throw new Error(`only ${delivered} of ${count} arrived`);
  const cpuUsPerPacket = cpuUs / delivered;
  return {
    cpuUsPerPacket, packetsPerCpuSecond: 1e6 / cpuUsPerPacket, timesNs3Published: ns3Us / cpuUsPerPacket,
    wallUsPerPacket: wallUs / delivered, recordedBytesPerPacket: (lab.recordedBytes - before.bytes) / delivered,
    ...(trace === undefined ? {} : { tracedHopsPerPacket: (trace.hops - before.hops) / delivered }),
    realTimeFactor: (lab.world.until - before.until) / 1000 / wallUs,
  };
}

/** What the published figures are, for the rows that name them. */
export const PUBLISHED =
  'timesNs3Published: against the median of optimised ns-3 3.37 (CPU us a delivered packet), measured'
  + ' at another time on a slower machine, so it flatters: the yardstick compares on this one';
