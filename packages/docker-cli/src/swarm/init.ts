import type { Json } from '@netreel/sim';
import { type Command, exactly, type Invocation, none } from '../command.js';
import { command } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { dig, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { joinCommand } from './join-token.js';
import { specFrom } from './spec.js';

const AVAILABILITIES = ['active', 'pause', 'drain'];

export const swarmInit: Command = {
  paths: ['swarm init'],
  usage: '[OPTIONS]',
  about: 'Initialize a swarm',
  flags: flagTable(`
      --advertise-addr string                  Advertised address
                                               (format:
                                               "<ip|interface>[:port]")
      --autolock                               Enable manager autolocking
                                               (requiring an unlock key
                                               to start a stopped manager)
      --availability string                    Availability of the node
                                               ("active", "pause",
                                               "drain") (default "active")
      --cert-expiry duration                   Validity period for node
                                               certificates
                                               (ns|us|ms|s|m|h) (default
                                               2160h0m0s)
      --data-path-addr string                  Address or interface to
                                               use for data path traffic
                                               (format: "<ip|interface>")
      --data-path-port uint32                  Port number to use for
                                               data path traffic (1024 -
                                               49151). If no value is set
                                               or is set to 0, the
                                               default port (4789) is used.
      --default-addr-pool ipNetSlice           default address pool in
                                               CIDR format (default [])
      --default-addr-pool-mask-length uint32   default address pool
                                               subnet mask length (default 24)
      --dispatcher-heartbeat duration          Dispatcher heartbeat
                                               period (ns|us|ms|s|m|h)
                                               (default 5s)
      --external-ca external-ca                Specifications of one or
                                               more certificate signing
                                               endpoints
      --force-new-cluster                      Force create a new cluster
                                               from current state
      --listen-addr node-addr                  Listen address (format:
                                               "<ip|interface>[:port]")
                                               (default 0.0.0.0:2377)
      --max-snapshots uint                     Number of additional Raft
                                               snapshots to retain
      --snapshot-interval uint                 Number of log entries
                                               between Raft snapshots
                                               (default 10000)
      --task-history-limit int                 Task history retention
                                               limit (default 5)
`),
  words: none,
  run: init,
};

function* init({ flags, output }: Invocation): Conversation<number> {
  const body = { ListenAddr: flags.text('listen-addr'), AdvertiseAddr: flags.text('advertise-addr'),
    DataPathAddr: flags.text('data-path-addr'), DataPathPort: flags.integer('data-path-port'),
    ForceNewCluster: flags.bool('force-new-cluster'), AutoLockManagers: flags.bool('autolock'),
    Availability: availabilityOf(flags.text('availability')), Spec: specFrom(flags, {}) };
  const { body: node } = yield* command('POST', '/swarm/init', {}, body as Json);
  output.line(`Swarm initialized: current node (${textOf(node)}) is now a manager.\n`);
  output.write('stdout', yield* joinCommand('worker'));
  output.line('To add a manager to this swarm, run \'docker swarm join-token manager\' and follow the instructions.');
  return 0;
}

export const swarmJoin: Command = {
  paths: ['swarm join'],
  usage: '[OPTIONS] HOST:PORT',
  about: 'Join a swarm as a node and/or manager',
  flags: flagTable(`
      --advertise-addr string   Advertised address (format:
                                "<ip|interface>[:port]")
      --availability string     Availability of the node ("active",
                                "pause", "drain") (default "active")
      --data-path-addr string   Address or interface to use for data path
                                traffic (format: "<ip|interface>")
      --listen-addr node-addr   Listen address (format:
                                "<ip|interface>[:port]") (default
                                0.0.0.0:2377)
      --token string            Token for entry into the swarm
`),
  words: exactly(1),
  *run({ flags, words, output }) {
    yield* command('POST', '/swarm/join', {}, { ListenAddr: flags.text('listen-addr'),
      AdvertiseAddr: flags.text('advertise-addr'), DataPathAddr: flags.text('data-path-addr'),
      RemoteAddrs: [words[0]!], JoinToken: flags.text('token'),
      Availability: availabilityOf(flags.text('availability')) });
    const { body: info } = yield* command('GET', '/info');
    const role = dig(info, 'Swarm', 'ControlAvailable') === true ? 'manager' : 'worker';
    output.line(`This node joined a swarm as a ${role}.`);
    return 0;
  },
};

export const swarmLeave: Command = {
  paths: ['swarm leave'],
  usage: '[OPTIONS]',
  about: 'Leave the swarm',
  flags: flagTable('  -f, --force   Force this node to leave the swarm, ignoring warnings'),
  words: none,
  *run({ flags, output }) {
    yield* command('POST', '/swarm/leave', flags.bool('force') ? { force: '1' } : {});
    output.line('Node left the swarm.');
    return 0;
  },
};

function availabilityOf(text: string): string {
  const lower = text.toLowerCase();
  if (AVAILABILITIES.includes(lower)) return lower;
  return refuse(`invalid availability "${text}", only active, pause and drain are supported`);
}
