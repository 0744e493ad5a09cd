import { type Operation, startOperation, suspended } from './task.js';

describe('operations', () => {
  it('go on when they are resumed, and end with their result', () => {
    let resume: ((value: string) => void) | undefined;
    const ended: string[] = [];
    function* greet(): Operation<string> {
      const name = yield* suspended<string>((go) => { resume = go; });
      return `hello ${name}`;
    }
    startOperation(greet(), (result) => ended.push(result));
    expect(ended).toEqual([]);
    resume!('world');
    expect(ended).toEqual(['hello world']);
  });

  it('do not grow the stack when what they wait for is there already', () => {
    function* count(): Operation<number> {
      let sum = 0;
      for (let i = 0; i < 100_000; i++) sum += yield* suspended<number>((go) => go(1));
      return sum;
    }
    let result = 0;
    startOperation(count(), (sum) => { result = sum; });
    expect(result).toBe(100_000);
  });

  it('clean up when they are abandoned, and then stay silent', () => {
    const log: string[] = [];
    let resume: (() => void) | undefined;
    function* work(): Operation<void> {
      try {
        yield* suspended<void>((go) => { resume = () => go(); });
        log.push('went on');
      } finally {
        log.push('closed');
      }
    }
    const abandon = startOperation(work(), () => log.push('ended'));
    abandon();
    resume!();
    expect(log).toEqual(['closed']);
  });
});
