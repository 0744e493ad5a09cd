import { Refusal } from '../refusal.js';
import { environment } from './checks.js';
import { flagTable } from './declare.js';
import { parseFlags } from './parse.js';

const TABLE = flagTable(
  `
  -d, --detach          Run in background
  -i, --interactive     Keep STDIN open
  -t, --tty             Allocate a pseudo-TTY
  -e, --env list        Set environment
                        variables
      --name string     Assign a name
  -m, --memory bytes    Memory limit
  -n, --last int        Show n last (default -1)
      --subnet strings  Subnet in CIDR format
      --ipv4            Enable (default true)
      --cpus decimal    Number of CPUs
  -f, --filter filter   Filter output
`.replaceAll('strings  ', 'strings   '),
  { checks: { env: environment }, hidden: { title: 'name' } },
);

function parse(...line: string[]) {
  return parseFlags(TABLE, line, { endsAtFirstWord: false, env: new Map([['HOME', '/root']]) });
}

function problem(...line: string[]): string {
  try {
    parse(...line);
  } catch (flaw) {
    if (flaw instanceof Refusal) return flaw.text;
    throw flaw;
  }
  return 'nothing';
}

describe('flags are read as pflag reads them', () => {
  it('groups letters, the last of which may take a value', () => {
    const { flags, words } = parse('-dite', 'A=b', 'busybox');
    expect([flags.bool('detach'), flags.bool('interactive'), flags.bool('tty')]).toEqual([true, true, true]);
    expect(flags.list('env')).toEqual(['A=b']);
    expect(words).toEqual(['busybox']);
  });

  it.each([[['-eA=b']], [['-e=A=b']], [['-e', 'A=b']], [['--env=A=b']], [['--env', 'A=b']]])(
    'takes a value from %j',
    (line) => {
      expect(parse(...line).flags.list('env')).toEqual(['A=b']);
    },
  );

  it('mixes with words until a double dash', () => {
    const { flags, words } = parse('one', '--name', 'x', 'two', '--', '--name', 'y');
    expect(words).toEqual(['one', 'two', '--name', 'y']);
    expect(flags.text('name')).toBe('x');
  });

  it('stops at the first word where a command to run inside follows', () => {
    const { flags, words } = parseFlags(TABLE, ['-d', 'busybox', '-d', '--name', 'x'], {
      endsAtFirstWord: true,
      env: new Map(),
    });
    expect(words).toEqual(['busybox', '-d', '--name', 'x']);
    expect(flags.changed('name')).toBe(false);
  });

  it('has defaults, and knows what was typed', () => {
    const { flags } = parse('--ipv4=false', '-d=0');
    expect([flags.integer('last'), flags.bool('ipv4'), flags.bool('detach'), flags.changed('detach')]).toEqual([
      -1,
      false,
      false,
      true,
    ]);
    expect(parse().flags.bool('ipv4')).toBe(true);
  });

  it("reads sizes, fractions, lists and the client's environment", () => {
    const { flags } = parse(
      '-m',
      '64m',
      '--cpus',
      '1.5',
      '--subnet',
      '10.1.0.0/16,10.2.0.0/16',
      '--subnet',
      'fd00::/64',
      '-e',
      'HOME',
      '-e',
      'NONE',
    );
    expect(flags.integer('memory')).toBe(64 * 1024 * 1024);
    expect(flags.integer('cpus')).toBe(1_500_000_000);
    expect(flags.list('subnet')).toEqual(['10.1.0.0/16', '10.2.0.0/16', 'fd00::/64']);
    expect(flags.list('env')).toEqual(['HOME=/root', 'NONE']);
  });

  it('takes an old spelling for the flag it stands for', () => {
    expect(parse('--title', 'x').flags.text('name')).toBe('x');
  });

  it('asks for help wherever it stands', () => {
    expect(parse('one', '--help', '--nosuch').help).toBe(true);
  });

  it.each([
    [['--nosuch'], 'unknown flag: --nosuch'],
    [['--nosuch=1'], 'unknown flag: --nosuch'],
    [['-itx'], "unknown shorthand flag: 'x' in -x"],
    [['-xyz'], "unknown shorthand flag: 'x' in -xyz"],
    [['--name'], 'flag needs an argument: --name'],
    [['-e'], "flag needs an argument: 'e' in -e"],
    [['-de'], "flag needs an argument: 'e' in -e"],
    [['--=x'], 'bad flag syntax: --=x'],
    [
      ['--detach=maybe'],
      'invalid argument "maybe" for "-d, --detach" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [['-n', 'x'], 'invalid argument "x" for "-n, --last" flag: strconv.ParseInt: parsing "x": invalid syntax'],
    [['-m', 'abc'], 'invalid argument "abc" for "-m, --memory" flag: invalid size: \'abc\''],
    [['--cpus', 'a'], 'invalid argument "a" for "--cpus" flag: failed to parse a as a rational number'],
    [['-e', '='], 'invalid argument "=" for "-e, --env" flag: invalid environment variable: ='],
    [['-f', 'foo'], 'invalid argument "foo" for "-f, --filter" flag: bad format of filter (expected name=value)'],
  ])("complains of %j in pflag's words", (line, text) => {
    expect(problem(...line)).toBe(text);
  });
});
