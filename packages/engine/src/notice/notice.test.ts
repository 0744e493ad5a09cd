import { TestHost } from '../testing.js';
import { NOTICES_KEPT } from './derive.js';

const told = (host: TestHost): readonly string[] => host.tables.notices.map(({ kind, action }) => `${kind} ${action}`);

describe('what docker events tells', () => {
  it('follows a container from its creation to its end, networks between', () => {
    const host = new TestHost();
    host.run('box');
    host.must(host.engine.removeContainer('box', { force: true, volumes: false }));
    expect(told(host)).toEqual(['container create', 'network connect', 'container start', 'container kill',
      'container die', 'network disconnect', 'container destroy']);
  });

  it('says nothing of the networks that every engine has, and nothing of a life that did not begin', () => {
    const host = new TestHost();
    expect(told(host)).toEqual([]);
    host.create('bad', { cmd: ['nosuch'] });
    host.refusal(host.engine.startContainer('bad'));
    expect(told(host)).toEqual(['container create', 'network connect', 'network disconnect']);
  });

  it('carries labels, image and name, whatever a label is called', () => {
    const host = new TestHost();
    host.create('box', { labels: { tier: 'web', name: 'mine' } });
    expect(host.tables.notices.at(-1)!.attributes).toEqual({ tier: 'web', image: 'busybox', name: 'box' });
  });

  it('is remembered for the last few hundred, and folds to the same', () => {
    const host = new TestHost();
    for (let count = 0; count < NOTICES_KEPT; count++) host.create(`box${count}`);
    host.pass(5_000_000_000);
    host.create('last');
    expect(host.tables.notices).toHaveLength(NOTICES_KEPT);
    expect(host.tables.notices[0]!.attributes['name']).toBe('box1');
    expect(host.tables.notices.at(-1)!.at).toBe(5_000_000_000);
    expect(host.folded().notices).toEqual(host.tables.notices);
  });

  it('reaches those who watch in the order in which it happened, until they stop', () => {
    const host = new TestHost();
    const seen: string[] = [];
    const stop = host.engine.watchNotices(({ action }) => seen.push(action));
    host.run('box', { cmd: ['true'] });
    host.pass(10_000);
    stop();
    host.must(host.engine.removeContainer('box', { force: false, volumes: false }));
    expect(seen).toEqual(['create', 'connect', 'start', 'die', 'disconnect']);
  });

  it('is waited for until the end of a span, what is remembered first', () => {
    const host = new TestHost();
    host.create('one');
    const seen: (string | undefined)[] = [];
    const pending = host.begin(host.engine.tellNotices({ since: 0, until: 3_000_000_000 },
      ({ action, attributes }) => { if (action === 'create') seen.push(attributes['name']); }));
    host.create('two');
    host.pass(2_000_000_000);
    expect(pending.result).toBeUndefined();
    host.pass(2_000_000_000);
    expect(pending.result).toBeDefined();
    host.create('late');
    expect(seen).toEqual(['one', 'two']);
  });
});
