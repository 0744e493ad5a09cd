import { type Command, exactly, none } from '../command.js';
import { command } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { dig, numberOf, recordOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { specFrom } from './spec.js';

/** How another node becomes a worker or a manager, in the words of the page that tells it. */
export function* joinCommand(role: 'worker' | 'manager'): Conversation<string> {
  const { body: info } = yield* command('GET', '/info');
  const { body: node } = yield* command('GET', `/nodes/${textOf(dig(info, 'Swarm', 'NodeID'))}`);
  const { body: cluster } = yield* command('GET', '/swarm');
  const address = textOf(dig(node, 'ManagerStatus', 'Addr'));
  return `To add a ${role} to this swarm, run the following command:\n\n` +
    `    docker swarm join --token ${tokenOf(cluster, role)} ${address}\n\n`;
}

function tokenOf(cluster: Parameters<typeof dig>[0], role: 'worker' | 'manager'): string {
  return textOf(dig(cluster, 'JoinTokens', role === 'worker' ? 'Worker' : 'Manager'));
}

export const swarmJoinToken: Command = {
  paths: ['swarm join-token'],
  usage: '[OPTIONS] (worker|manager)',
  about: 'Manage join tokens',
  flags: flagTable(`
  -q, --quiet    Only display token
      --rotate   Rotate join token
`),
  words: exactly(1),
  *run({ flags, words, output }) {
    const role = words[0]!;
    if (role !== 'worker' && role !== 'manager') return refuse(`unknown role ${role}`);
    const { body } = yield* command('GET', '/swarm');
    if (flags.bool('rotate')) {
      yield* command('POST', '/swarm/update', { version: String(numberOf(dig(body, 'Version', 'Index'))),
        rotateWorkerToken: String(role === 'worker'), rotateManagerToken: String(role === 'manager'),
        rotateManagerUnlockKey: 'false' }, recordOf(dig(body, 'Spec')));
      if (!flags.bool('quiet')) output.line(`Successfully rotated ${role} join token.\n`);
    }
    if (flags.bool('quiet')) output.line(tokenOf((yield* command('GET', '/swarm')).body, role));
    else output.write('stdout', yield* joinCommand(role));
    return 0;
  },
};

export const swarmUpdate: Command = {
  paths: ['swarm update'],
  usage: '[OPTIONS]',
  about: 'Update the swarm',
  flags: flagTable(`
      --autolock                        Change manager autolocking
                                        setting (true|false)
      --cert-expiry duration            Validity period for node
                                        certificates (ns|us|ms|s|m|h)
                                        (default 2160h0m0s)
      --dispatcher-heartbeat duration   Dispatcher heartbeat period
                                        (ns|us|ms|s|m|h) (default 5s)
      --external-ca external-ca         Specifications of one or more
                                        certificate signing endpoints
      --max-snapshots uint              Number of additional Raft
                                        snapshots to retain
      --snapshot-interval uint          Number of log entries between
                                        Raft snapshots (default 10000)
      --task-history-limit int          Task history retention limit
                                        (default 5)
`),
  words: none,
  *run({ flags, output }) {
    const { body } = yield* command('GET', '/swarm');
    yield* command('POST', '/swarm/update', { version: String(numberOf(dig(body, 'Version', 'Index'))),
      rotateWorkerToken: 'false', rotateManagerToken: 'false', rotateManagerUnlockKey: 'false' },
    specFrom(flags, recordOf(dig(body, 'Spec'))));
    output.line('Swarm updated.');
    return 0;
  },
};

export const swarmAuthority: Command = {
  paths: ['swarm ca'],
  usage: '[OPTIONS]',
  about: 'Display and rotate the root CA',
  flags: flagTable(`
      --ca-cert pem-file          Path to the PEM-formatted root CA
                                  certificate to use for the new cluster
      --ca-key pem-file           Path to the PEM-formatted root CA key
                                  to use for the new cluster
      --cert-expiry duration      Validity period for node certificates
                                  (ns|us|ms|s|m|h) (default 2160h0m0s)
  -d, --detach                    Exit immediately instead of waiting for
                                  the root rotation to converge
      --external-ca external-ca   Specifications of one or more
                                  certificate signing endpoints
  -q, --quiet                     Suppress progress output
      --rotate                    Rotate the swarm CA - if no certificate
                                  or key are provided, new ones will be
                                  generated
`),
  words: none,
  *run({ flags, output }) {
    const { body } = yield* command('GET', '/swarm');
    if (flags.bool('rotate')) refuse('the nodes of this swarm have no certificates that could be rotated');
    const root = textOf(dig(body, 'TLSInfo', 'TrustRoot'));
    output.line(root === '' ? 'No CA information available' : root);
    return 0;
  },
};

export const swarmUnlockKey: Command = {
  paths: ['swarm unlock-key'],
  usage: '[OPTIONS]',
  about: 'Manage the unlock key',
  flags: flagTable(`
  -q, --quiet    Only display token
      --rotate   Rotate unlock key
`),
  words: none,
  *run() {
    const { body } = yield* command('GET', '/swarm/unlockkey');
    const key = textOf(dig(body, 'UnlockKey'));
    return key === '' ? refuse('no unlock key is set') : 0;
  },
};

export const swarmUnlock: Command = {
  paths: ['swarm unlock'],
  usage: '',
  about: 'Unlock swarm',
  flags: flagTable(''),
  words: none,
  *run() {
    const { body } = yield* command('GET', '/info');
    const state = textOf(dig(body, 'Swarm', 'LocalNodeState'));
    return refuse(state === 'inactive' ? 'Error: This node is not part of a swarm' : 'Error: swarm is not locked');
  },
};
