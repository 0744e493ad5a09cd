// redis-server: a store in memory for many clients.

import { type Operation, SECOND } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { RedisStore } from './redis-store.js';
import { encodeReply, error, takeCommand } from './resp.js';
import { type Answer, serve } from './serve.js';

const DEFAULT_PORT = 6379;
const DEFAULT_VERSION = '7.0.10';

export function* redisServer(sys: Sys, argv: readonly string[]): Operation<number> {
  const version = sys.env.get('REDIS_VERSION') ?? DEFAULT_VERSION;
  if (argv[1] === '-v' || argv[1] === '--version') {
    sys.stdout(`Redis server v=${version} sha=00000000:0 malloc=libc bits=64 build=0\n`);
    return 0;
  }
  const place = argv.indexOf('--port');
  const port = place > 0 ? Number(argv[place + 1]) : DEFAULT_PORT;
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    sys.stderr(`\n*** FATAL CONFIG FILE ERROR (Redis ${version}) ***\nReading the configuration file, at line 2\n`
      + `>>> 'port "${argv[place + 1] ?? ''}"'\nargument must be between 0 and 65535 inclusive\n`);
    return 1;
  }
  let clients = 0;
  let commands = 0;
  const store: RedisStore = new RedisStore(sys.now, () => [
    '# Server', `redis_version:${version}`, 'redis_mode:standalone', 'os:Linux x86_64', `tcp_port:${port}`,
    `process_id:${sys.pid}`, `uptime_in_seconds:${Math.floor(sys.now() / SECOND)}`, '', '# Clients',
    `connected_clients:${clients}`, '', '# Stats', `total_commands_processed:${commands}`, '', '# Keyspace',
    ...(store.size === 0 ? [] : [`db0:keys=${store.size},expires=0,avg_ttl=0`]), ''].join('\r\n'));
  const answer = (text: string): Answer => {
    let reply = '';
    for (let rest = text; ;) {
      const taken = takeCommand(rest);
      if (taken === undefined) return { reply, rest, close: false };
      if (typeof taken === 'string')
        return { reply: reply + encodeReply(error(`ERR ${taken}`)), rest: '', close: true };
      rest = taken.rest;
      if (taken.value.length === 0) continue;
      commands++;
      if (/^quit$/i.test(taken.value[0]!)) return { reply: `${reply}+OK\r\n`, rest: '', close: true };
      reply += encodeReply(store.run(taken.value));
    }
  };
  return yield* serve(sys, { port, answer, left: () => { clients--; },
    greeting: () => {
      clients++;
      return '';
    },
    refused: (reason) => `Could not create server TCP listening socket *:${port}: bind: ${reason}` },
  ['SIGTERM', 'SIGINT']);
}
