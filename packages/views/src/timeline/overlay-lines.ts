// What inputs, answers, faults, the store's and the gossip's events and messages say, a line each.

import type { FaultRule } from '@netreel/host';
import { formatTime, type FrameBytes, NEVER } from '@netreel/sim';
import type { Telling } from './kernel-lines.js';
import { ip, macOf } from './names.js';

const some = (list: readonly string[], all: string): string => (list.length === 0 ? all : list.join(', '));

function ruleText(value: unknown): string {
  const { id, action, kinds, from, to, chancePpm, delayNs, until } = value as FaultRule;
  const chance = chancePpm < 1_000_000 ? ` ${chancePpm / 10_000} %` : '';
  const late = delayNs > 0 ? ` by ${formatTime(delayNs)}` : '';
  return `${id}: ${action}${chance}${late} ${some(kinds, 'everything')} from ${some(from, 'anybody')} ` +
    `to ${some(to, 'anybody')}${until >= NEVER ? '' : `, until ${formatTime(until)}`}`;
}

export const OVERLAY_LINES: Readonly<Record<string, Telling>> = {
  ApiCalled: ({ line, request }) => {
    const { method, path } = request as { method: string; path: string };
    return `$ ${String(line)} (${method} ${path.replace(/[0-9a-f]{64}/g, (id) => id.slice(0, 12))})`;
  },
  HostCommanded: ({ line }) => `$ ${String(line)}`,
  HostInterrupted: ({ signal }) => `${String(signal)} to what was typed`,
  FaultOrdered: ({ rule }) => `fault ordered, ${ruleText(rule)}`,
  FaultLifted: ({ id }) => `fault ${String(id)} to be lifted`,
  ApiAnswered: ({ call, status, body }) => {
    const message = (body as { message?: string } | null)?.message;
    return `call ${Number(call)} answered ${Number(status)}${message === undefined ? '' : `: ${message}`}`;
  },
  ApiBegun: ({ call, status }) => `call ${Number(call)} begins to be answered, ${Number(status)}`,
  ApiStreamed: ({ call, stream, text }) => `call ${Number(call)} told ${String(stream)} ${JSON.stringify(text)}`,
  ApiInputGiven: ({ call, text }) => `into call ${Number(call)} ${JSON.stringify(text)}`,
  ApiInputEnded: ({ call }) => `call ${Number(call)} gets no more input`,
  ApiAbandoned: ({ call }) => `call ${Number(call)} is hung up on`,
  HostCommandEnded: ({ exitCode }) => `what was typed ended with ${Number(exitCode)}`,
  FaultAdded: ({ rule }) => `fault begins, ${ruleText(rule)}`,
  FaultRemoved: ({ id }) => `fault ${String(id)} lifted`,
  SeedChanged: ({ seed }) => `from here on chance follows seed ${Number(seed)}`,
  StoreNetworkCreated: ({ name }) => `network ${String(name)} ordered`,
  StoreNetworkAllocated: ({ network, vnis, subnets }, names) => `network ${names.network(network)} has ` +
    `${(subnets as readonly { subnet: string }[]).map((each) => each.subnet).join(', ')}, ` +
    `VNI ${(vnis as readonly number[]).join(', ')}`,
  StoreNetworkRemoved: ({ id }, names) => `network ${names.network(id)} removed`,
  StoreAddressTaken: ({ network, address, host }, names) =>
    `${ip(address)} of ${names.network(network)} given to ${names.otherNode(host)}`,
  StoreAddressReleased: ({ network, address }, names) => `${ip(address)} of ${names.network(network)} free again`,
  StoreRequestDecided: ({ host, request }, names) =>
    `request ${Number(request)} of ${names.otherNode(host)} decided`,
  NetworkPeerJoined: ({ network, node, address }, names) =>
    `knows: ${names.otherNode(node)} is on ${names.network(network)}, tunnel end ${ip(address)}`,
  NetworkPeerLeft: ({ network, node }, names) => `knows: ${names.otherNode(node)} left ${names.network(network)}`,
  PeerEndpointLearned: ({ network, name, node, address, mac }, names) => `knows: ${String(name)} of ` +
    `${names.network(network)} is ${ip(address)} at ${macOf(mac)} on ${names.otherNode(node)}`,
  PeerEndpointForgotten: ({ network, node }, names) =>
    `knows: an endpoint of ${names.otherNode(node)} is gone from ${names.network(network)}`,
  NetworkRowsDropped: ({ network }, names) => `left ${names.network(network)} and forgot who is on it`,
  FrameCrossed: ({ frame }) => {
    const { start, end } = frame as FrameBytes;
    return `frame of ${end - start} bytes`;
  },
  NetworkJoinSent: ({ network, vtep }, names) => `says it is on ${names.network(network)}, tunnel end ${ip(vtep)},`,
  NetworkLeaveSent: ({ network }, names) => `says it left ${names.network(network)},`,
  EndpointSent: ({ network, name, address }, names) =>
    `says ${String(name)} of ${names.network(network)} is ${ip(address)},`,
  EndpointWithdrawn: ({ network }, names) => `says an endpoint of ${names.network(network)} is gone,`,
  BulkSyncAsked: ({ network }, names) => `tells all it knows of ${names.network(network)} and asks for the same,`,
  BulkSyncSent: ({ network }, names) => `tells all it knows of ${names.network(network)},`,
  MembershipAsked: () => 'tells who is on which network and asks for the same,',
  MembershipSent: () => 'tells who is on which network,',
  StoreAsked: ({ operation, request }) => `asks the store, request ${Number(request)}: ${String(operation)}`,
  StoreAnswered: ({ request, body }) =>
    `answers request ${Number(request)}${(body as { ok?: boolean }).ok === false ? ' with a refusal' : ''}`,
};
