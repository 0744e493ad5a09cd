// Whatever clients send, every route answers with one of Docker's statuses and a text: nothing throws.

import { RandomStream, type Json } from '@netreel/sim';
import { SPEC } from './page/spec.js';
import { Client } from './testing.js';

const ROUNDS = 40;
const WORDS = ['', 'x', 'box', 'lab', 'bridge', 'nosuch', '../..', '%00', 'é', 'a'.repeat(300), '0', '-1', '9e99',
  'true',
  '{', '{"label":["a"]}', '{"name":{"(":true}}', '[]', 'null', '1704067200.5', 'container:box', 'constructor',
    '__proto__'];
const KEYS = ['Image', 'Cmd', 'Env', 'HostConfig', 'NetworkingConfig', 'EndpointsConfig', 'Name', 'Container', 'IPAM',
  'Config', 'Subnet', 'Labels', 'Options', 'Driver', 'Healthcheck', 'Test', 'Memory', 'RestartPolicy', 'PortBindings',
  'Links', 'NetworkMode', 'Detach', 'Mounts', 'Binds', 'ExposedPorts', 'Entrypoint', 'Volumes', 'ConfigFrom', 'Spec',
  'EndpointConfig', 'IPAMConfig', 'IPv4Address', 'LogConfig', '__proto__', 'toString'];
const PARAMETERS = ['filters', 'limit', 'all', 'since', 'until', 'tail', 'stdout', 'stderr', 't', 'signal', 'name',
  'h', 'w',
  'condition', 'force', 'ps_args', 'fromImage', 'tag', 'stream', 'one-shot', 'remote', 'timeout', 'platform',
    'version'];

class Chance {
  constructor(private readonly stream: RandomStream) {}

  below(count: number): number {
    return this.stream.below(count);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  json(depth: number): Json {
    switch (this.below(depth > 3 ? 5 : 8)) {
      case 0: return null;
      case 1: return this.below(2) === 0;
      case 2: return this.below(1000) - 500;
      case 3: return this.of(WORDS);
      case 4: return 1.5;
      case 5: return Array.from({ length: this.below(4) }, () => this.json(depth + 1));
      default: return Object.fromEntries(Array.from({ length: this.below(6) },
        () => [this.of(KEYS), this.json(depth + 1)]));
    }
  }

  query(): string {
    return Array.from({ length: this.below(4) },
      () => `${this.of(PARAMETERS)}=${encodeURIComponent(this.of(WORDS))}`).join('&');
  }
}

describe('odd requests', () => {
  it.each(SPEC.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (title, { method, path }) => {
    const chance = new Chance(new RandomStream(1, `odd/${title}`));
    const client = new Client();
    client.network('lab');
    client.run('box');
    for (let round = 0; round < ROUNDS; round++) {
      const target = path.replace(/\{(id|name)\}/, encodeURIComponent(chance.of(WORDS.filter((word) => word !== ''))));
      const pending = client.begin(method, `${target}?${chance.query()}`, chance.json(0));
      client.host.pass(2_000_000_000);
      const answer = pending.result?.value;
      // Some wait for what never comes, which is an answer too.
      if (answer === undefined) continue;
      expect([101, 200, 201, 204, 304, 400, 403, 404, 409, 500, 501, 503]).toContain(answer.status);
      if (answer.status < 400) continue;
      expect(typeof (answer.body as { message: unknown }).message).toBe('string');
    }
  });
});
