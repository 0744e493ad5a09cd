import { Agenda, RANK } from './agenda.js';
import { RandomStream } from './random.js';
import { NEVER } from './time.js';

const recorder = () => {
  const seen: unknown[] = [];
  return { seen, fire: (argument: unknown) => { seen.push(argument); } };
};

const drain = (agenda: Agenda, end = NEVER): void => {
  while (agenda.pop(end)) agenda.handler!.fire(agenda.argument as never);
};

describe('the total order (at, rank, source, sequence)', () => {
  it('holds whatever the order of insertion', () => {
    const wanted = [[1, 2, 9, 9], [5, 0, 1, 7], [5, 0, 2, 1], [5, 0, 2, 3], [5, 1, 0, 0], [5, 2, 0, 5], [6, 0, 0, 0]];
    const stream = new RandomStream(7, 'insertion');
    for (let round = 0; round < 200; round++) {
      const agenda = new Agenda(2);
      const handler = recorder();
      for (const entry of stream.shuffled(wanted)) agenda.push(entry[0]!, entry[1]!, entry[2]!, entry[3]!, handler,
        entry, 0, 0);
      drain(agenda);
      expect(handler.seen).toEqual(wanted);
    }
  });

  it('agrees with sorting 20,000 random entries, some cancelled', () => {
    const stream = new RandomStream(3, 'many');
    const agenda = new Agenda();
    const handler = recorder();
    const alive: { at: number; sequence: number }[] = [];
    for (let sequence = 0; sequence < 20_000; sequence++) {
      const at = stream.below(500);
      const ticket = agenda.push(at, RANK.timer, 0, sequence, handler, sequence, 0, 0);
      if (stream.chance(1, 3)) agenda.cancel(ticket);
      else alive.push({ at, sequence });
    }
    alive.sort((a, b) => a.at - b.at || a.sequence - b.sequence);
    drain(agenda);
    expect(handler.seen).toEqual(alive.map((entry) => entry.sequence));
  });

  it('refuses two entries with one key: a tie would be decided by the place of insertion', () => {
    const agenda = new Agenda();
    const handler = recorder();
    agenda.push(5, RANK.timer, 1, 1, handler, 0, 0, 0);
    expect(() => agenda.push(5, RANK.timer, 1, 1, handler, 0, 0, 0)).toThrow('one order key');
  });

  it('leaves what is due at the end of a window for the next one', () => {
    const agenda = new Agenda();
    const handler = recorder();
    agenda.push(10, RANK.timer, 0, 0, handler, 'a', 0, 0);
    expect(agenda.pop(10)).toBe(false);
    expect(agenda.pop(11)).toBe(true);
  });

  it('forgets a cancelled entry, also as the next thing due, and lets a stale ticket be', () => {
    const agenda = new Agenda();
    const handler = recorder();
    const ticket = agenda.push(1, RANK.timer, 0, 0, handler, 'gone', 0, 0);
    agenda.push(9, RANK.timer, 0, 1, handler, 'kept', 0, 0);
    agenda.cancel(ticket);
    expect(agenda.nextAt()).toBe(9);
    agenda.push(2, RANK.timer, 0, 2, handler, 'in the old slot', 0, 0);
    agenda.cancel(ticket);
    drain(agenda);
    expect(handler.seen).toEqual(['in the old slot', 'kept']);
  });

  it.each([-1, 0.5, NaN, 2 ** 53])('refuses the moment %d', (at) => {
    expect(() => new Agenda().push(at, RANK.timer, 0, 0, recorder(), 0, 0, 0)).toThrow('whole number of nanoseconds');
  });
});
