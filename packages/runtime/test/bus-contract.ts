// What every bus does while all is well.

import { allControl, controlSubject, envelopesFor, envelopeSubject, type Bus } from '../src/index.js';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (words: string): Uint8Array => new TextEncoder().encode(words);

export async function until(holds: () => boolean, ms = 5_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}

/** `open` gives two ends of one bus. */
export function busContract(open: () => Promise<readonly [Bus, Bus]>): void {
  let here: Bus;
  let there: Bus;
  beforeAll(async () => { [here, there] = await open(); });
  afterAll(async () => {
    await here.close();
    await there.close();
  });

  it('brings what is published, in order, to all who listen, the sender too', async () => {
    const heard: string[] = [];
    const mine: string[] = [];
    const subscriptions = [
      there.subscribe('netreel.r.control.host1', (_, message) => heard.push(text(message))),
      here.subscribe('netreel.r.control.host1', (_, message) => mine.push(text(message))),
    ];
    await there.flush();
    const sent = Array.from({ length: 200 }, (_, index) => `message ${index}`);
    for (const words of sent) here.publish('netreel.r.control.host1', bytes(words));
    await here.flush();
    await until(() => heard.length === 200 && mine.length === 200);
    expect(heard).toEqual(sent);
    expect(mine).toEqual(sent);
    for (const subscription of subscriptions) subscription.unsubscribe();
  });

  it('hears what its pattern means and nothing else', async () => {
    const heard: string[] = [];
    const subscriptions = [
      there.subscribe(envelopesFor('r', 'host1'), (subject) => heard.push(subject)),
      there.subscribe(allControl('r'), (subject) => heard.push(subject)),
      there.subscribe('netreel.*.node.host9.host2.>', (subject) => heard.push(subject)),
    ];
    await there.flush();
    const wanted = [envelopeSubject('r', 'host1', 'host2', 'FrameArrived'), controlSubject('r', 'conductor'),
      envelopeSubject('q', 'host9', 'host2', 'GossipSent')];
    const others = [envelopeSubject('r', 'host2', 'host1', 'FrameArrived'),
      envelopeSubject('q', 'host1', 'host2', 'FrameArrived'),
      controlSubject('q', 'conductor')];
    for (const subject of [...others, ...wanted]) here.publish(subject, bytes('x'));
    await here.flush();
    await until(() => heard.length >= 3);
    expect(heard.sort()).toEqual(wanted.sort());
    for (const subscription of subscriptions) subscription.unsubscribe();
  });

  it('hears nothing any more after unsubscribing', async () => {
    let heard = 0;
    const subscription = there.subscribe('netreel.r.control.quiet', () => heard++);
    await there.flush();
    subscription.unsubscribe();
    await there.flush();
    here.publish('netreel.r.control.quiet', bytes('x'));
    await here.flush();
    await there.flush();
    expect(heard).toBe(0);
  });

  it('hands out bytes that are the handler\'s own', async () => {
    const kept: Uint8Array[] = [];
    const subscription = there.subscribe('netreel.r.control.keep', (_, message) => kept.push(message));
    await there.flush();
    const mine = Buffer.from('kept');
    here.publish('netreel.r.control.keep', mine);
    mine.fill(0);
    for (let index = 0; index < 100; index++) here.publish('netreel.r.control.keep', bytes(`later ${index}`));
    await here.flush();
    await until(() => kept.length === 101);
    expect(text(kept[0]!)).toBe('kept');
    subscription.unsubscribe();
  });

  it('carries empty messages and such of 256 KiB', async () => {
    const sizes: number[] = [];
    const subscription = there.subscribe('netreel.r.control.sizes', (_, message) => sizes.push(message.length));
    await there.flush();
    here.publish('netreel.r.control.sizes', new Uint8Array(0));
    here.publish('netreel.r.control.sizes', new Uint8Array(256 * 1024));
    await here.flush();
    await until(() => sizes.length === 2);
    expect(sizes).toEqual([0, 256 * 1024]);
    subscription.unsubscribe();
  });
}
