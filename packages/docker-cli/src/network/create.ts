import type { Json } from '@netreel/sim';
import { type Command, exactly, type Invocation } from '../command.js';
import { command } from '../daemon.js';
import { label } from '../flags/checks.js';
import { flagTable } from '../flags/declare.js';
import { type Flags, pairsOf } from '../flags/flags.js';
import { dig, jsonRecord, textOf } from '../json.js';
import type { Conversation } from '../step.js';
import { addressPlan } from './address-plan.js';

const FLAGS = flagTable(`
      --attachable           Enable manual container attachment
      --aux-address map      Auxiliary IPv4 or IPv6 addresses used by
                             Network driver (default map[])
      --config-from string   The network from which to copy the configuration
      --config-only          Create a configuration only network
  -d, --driver string        Driver to manage the Network (default "bridge")
      --gateway strings      IPv4 or IPv6 Gateway for the master subnet
      --ingress              Create swarm routing-mesh network
      --internal             Restrict external access to the network
      --ip-range strings     Allocate container ip from a sub-range
      --ipam-driver string   IP Address Management Driver (default "default")
      --ipam-opt map         Set IPAM driver specific options (default map[])
      --ipv4                 Enable or disable IPv4 address assignment
                             (default true)
      --ipv6                 Enable or disable IPv6 address assignment
      --label list           Set metadata on a network
  -o, --opt map              Set driver specific options (default map[])
      --scope string         Control the network's scope
      --subnet strings       Subnet in CIDR format that represents a
                             network segment
`, { checks: { label } });

export const networkCreate: Command = {
  paths: ['network create'],
  usage: '[OPTIONS] NETWORK',
  about: 'Create a network',
  flags: FLAGS,
  words: exactly(1),
  run: create,
};

function* create({ flags, words, output }: Invocation): Conversation<number> {
  const { body } = yield* command('POST', '/networks/create', {}, creation(words[0]!, flags));
  const warning = textOf(dig(body, 'Warning'));
  if (warning !== '') output.complain(`WARNING: ${warning}`);
  output.line(textOf(dig(body, 'Id')));
  return 0;
}

/** The body of the request. */
function creation(name: string, flags: Flags): Json {
  const addresses = addressPlan({
    subnets: flags.list('subnet'), ranges: flags.list('ip-range'), gateways: flags.list('gateway'),
    auxiliaries: flags.pairs('aux-address'),
  });
  const from = flags.text('config-from');
  return {
    Driver: flags.text('driver'),
    Scope: flags.text('scope'),
    ...(flags.changed('ipv4') ? { EnableIPv4: flags.bool('ipv4') } : {}),
    ...(flags.changed('ipv6') ? { EnableIPv6: flags.bool('ipv6') } : {}),
    IPAM: {
      Driver: flags.text('ipam-driver'),
      Options: jsonRecord(flags.pairs('ipam-opt')),
      Config: addresses,
    },
    Internal: flags.bool('internal'),
    Attachable: flags.bool('attachable'),
    Ingress: flags.bool('ingress'),
    ConfigOnly: flags.bool('config-only'),
    ConfigFrom: from === '' ? null : { Network: from },
    Options: jsonRecord(flags.pairs('opt')),
    Labels: jsonRecord(pairsOf(flags.list('label'))),
    Name: name,
    CheckDuplicate: true,
  };
}
