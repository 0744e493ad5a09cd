import { type Command, exactly, type Invocation } from '../command.js';
import { command } from '../daemon.js';
import { link } from '../flags/checks.js';
import { flagTable } from '../flags/declare.js';
import { jsonRecord } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { endpointAddresses, endpointSettings } from './endpoint.js';

export const networkConnect: Command = {
  paths: ['network connect'],
  usage: '[OPTIONS] NETWORK CONTAINER',
  about: 'Connect a container to a network',
  flags: flagTable(`
      --alias strings           Add network-scoped alias for the container
      --driver-opt strings      driver options for the network
      --gw-priority int         Highest gw-priority provides the default
                                gateway. Accepts positive and negative values.
      --ip string               IPv4 address (e.g., "172.30.100.104")
      --ip6 string              IPv6 address (e.g., "2001:db8::33")
      --link list               Add link to another container
      --link-local-ip strings   Add a link-local address for the container
`, { checks: { link } }),
  words: exactly(2),
  run: connect,
};

function* connect({ flags, words }: Invocation): Conversation<number> {
  const [network, container] = words as [string, string];
  const options = flags.list('driver-opt');
  if (options.some((option) => !/^[^=]+=/.test(option))) refuse('invalid key/value pair format in driver options');
  const EndpointConfig = endpointSettings({
    ipam: endpointAddresses(flags.text('ip'), flags.text('ip6'), flags.list('link-local-ip')),
    links: flags.changed('link') ? flags.list('link') : null,
    aliases: flags.list('alias'),
    driverOptions: jsonRecord(flags.pairs('driver-opt')),
    gatewayPriority: flags.integer('gw-priority'),
  });
  yield* command('POST', `/networks/${network}/connect`, {}, { Container: container, EndpointConfig });
  return 0;
}

export const networkDisconnect: Command = {
  paths: ['network disconnect'],
  usage: '[OPTIONS] NETWORK CONTAINER',
  about: 'Disconnect a container from a network',
  flags: flagTable('  -f, --force   Force the container to disconnect from a network'),
  words: exactly(2),
  *run({ flags, words }) {
    const [network, container] = words as [string, string];
    yield* command('POST', `/networks/${network}/disconnect`, {}, { Container: container, Force: flags.bool('force') });
    return 0;
  },
};
