// What busybox ash 1.35 shows of each of these conversations, without the banner and the question for the cursor that
// Debian's build begins with.

import { MILLISECOND, SECOND } from '@netreel/sim';
import { alone } from '../testing.js';

interface Shown { readonly screen: string; readonly exitCode: number | undefined }

/** Types one piece after the other, half a second apart. */
function conversation(argv: readonly string[], typed: readonly string[]): Shown {
  const lab = alone();
  const ran = lab.start('alone', argv, { stdin: 'open', tty: true, init: true, pidns: 'c', hostname: 'f00' });
  for (const text of typed) {
    lab.pass(500 * MILLISECOND);
    lab.processes.input(ran.pid, text);
  }
  lab.pass(10 * SECOND);
  return { screen: ran.stdout, exitCode: ran.exitCode };
}

describe('sh at a terminal', () => {
  it.each([
    [['echo hi\r', 'exit 3\r'], '/ # echo hi\r\nhi\r\n/ # exit 3\r\n', 3],
    [['\x04'], '/ # \r\n', 0],
    [['abc\x04', '\r', '\x04'], '/ # abc\r\nsh: abc: not found\r\n/ # \r\n', 127],
    [['echo no', '\x03', 'echo yes\r', 'exit\r'], '/ # echo no^C\r\n/ # echo yes\r\nyes\r\n/ # exit\r\n', 0],
    [['sleep 5\r', '\x03', 'echo $?\r', 'exit\r'], '/ # sleep 5\r\n^C\r\n/ # echo $?\r\n130\r\n/ # exit\r\n', 0],
    [['sleep 5; echo no\r', '\x03', 'exit\r'], '/ # sleep 5; echo no\r\n^C\r\n/ # exit\r\n', 130],
    [['while true; do :; done\r', '\x03', 'exit\r'], '/ # while true; do :; done\r\n^C\r\n/ # exit\r\n', 130],
    [['cat\r', 'hello\r', '\x04', 'exit\r'], '/ # cat\r\nhello\r\nhello\r\n/ # exit\r\n', 0],
    [['sleep 0.1 &\r', '\r', 'exit\r'],
      '/ # sleep 0.1 &\r\n/ # \r\n[1]+  Done                       sleep 0.1\r\n/ # exit\r\n', 0],
    [['sleep 9 &\r', '\x03', 'kill $!\r', '\r', 'exit\r'], '/ # sleep 9 &\r\n/ # ^C\r\n/ # kill $!\r\n'
      + '[1]+  Terminated                 sleep 9\r\n/ # \r\n/ # exit\r\n', 0],
    [['sleep 5 & sleep 6 &\r', 'jobs\r', 'exit\r'], '/ # sleep 5 & sleep 6 &\r\n/ # jobs\r\n'
      + '[2]+  Running                    sleep 6\r\n[1]-  Running                    sleep 5\r\n/ # exit\r\n', 0],
    [['nosuch\r', 'echo $((1/0))\r', 'fi\r', '${x?gone}\r', 'exit\r'], '/ # nosuch\r\nsh: nosuch: not found\r\n'
      + '/ # echo $((1/0))\r\nsh: divide by zero\r\n/ # fi\r\nsh: syntax error: unexpected "fi"\r\n'
      + '/ # ${x?gone}\r\nsh: x: gone\r\n/ # exit\r\n', 2],
    [['if true\r', 'then echo a\r', 'fi\r', 'exit\r'], '/ # if true\r\n> then echo a\r\n> fi\r\na\r\n/ # exit\r\n', 0],
    [['cat <<E\r', 'a\r', 'E\r', 'exit\r'], '/ # cat <<E\r\n> a\r\n> E\r\na\r\n/ # exit\r\n', 0],
    [['cd /etc\r', 'exit\r'], '/ # cd /etc\r\n/etc # exit\r\n', 0],
    [['set -x\r', 'echo a\r', 'exit\r'], '/ # set -x\r\n/ # echo a\r\n+ echo a\r\na\r\n/ # exit\r\n+ exit\r\n', 0],
    [['read y\r', '\x03', 'exit\r'], '/ # read y\r\n^C\r\n/ # exit\r\n', 130],
    [['tty; [ -t 0 ] && [ -t 1 ] && echo all; [ -t 1 ] | cat\r', 'exit\r'],
      '/ # tty; [ -t 0 ] && [ -t 1 ] && echo all; [ -t 1 ] | cat\r\n/dev/pts/0\r\nall\r\n/ # exit\r\n', 0],
  ])('%j', (typed, screen, exitCode) => {
    expect(conversation(['sh'], typed)).toEqual({ screen, exitCode });
  });

  it('has the prompt of Debian when it is called bash', () => {
    expect(conversation(['bash'], ['echo hi\r', '\x04']))
      .toEqual({ screen: 'root@f00:/# echo hi\r\nhi\r\nroot@f00:/# exit\r\n', exitCode: 0 });
  });

  it('prompts without a terminal only when it is told to', () => {
    const ran = alone().run('alone', ['sh', '-i'], { stdin: { text: 'echo a\n' } });
    expect([ran.stdout, ran.stderr]).toEqual(['a\n', '/ # / # \n']);
  });
});
