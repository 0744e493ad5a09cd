import { splitCommandLine } from './split.js';

describe('a command line is cut into words as a shell cuts it', () => {
  it.each([
    ['network ls -q', ['network', 'ls', '-q']],
    ["ps --format '{{.Names}} {{.Status}}'", ['ps', '--format', '{{.Names}} {{.Status}}']],
    ['exec a sh -c "echo \\"hi\\" && exit 7"', ['exec', 'a', 'sh', '-c', 'echo "hi" && exit 7']],
    ["run --name 'bad name' busybox", ['run', '--name', 'bad name', 'busybox']],
    ['a\'b\'"c"d', ['abcd']],
    ["'' x", ['', 'x']],
    ['a\\ b', ['a b']],
    ['  a \t b  ', ['a', 'b']],
    ['ls # not this', ['ls']],
    ['a#b', ['a#b']],
    ["echo 'a | b; $(c) `d` > e'", ['echo', 'a | b; $(c) `d` > e']],
    ['"{{range $k, $v := .Networks}}"', { at: 9, problem: 'a variable needs a shell: quote it or leave it out' }],
    ["'{{range $k, $v := .Networks}}'", ['{{range $k, $v := .Networks}}']],
    ['price 5$', ['price', '5$']],
    ['', []],
  ])('%s', (text, words) => {
    expect(splitCommandLine(text)).toEqual(words);
  });

  it.each([
    ['ps | wc -l', 3, 'a pipe needs a shell: quote it or leave it out'],
    ['rm $(docker ps -q)', 3, 'a command substitution needs a shell: quote it or leave it out'],
    ['ls > file', 3, 'a redirection needs a shell: quote it or leave it out'],
    ['a; b', 1, 'a second command needs a shell: quote it or leave it out'],
    ['run "$HOME"', 5, 'a variable needs a shell: quote it or leave it out'],
    ["it's", 2, 'a single quote is not closed'],
    ['say "hi', 4, 'a double quote is not closed'],
    ['end\\', 3, 'nothing follows the backslash'],
  ])('%s is a flaw at its place', (text, at, problem) => {
    expect(splitCommandLine(text)).toEqual({ at, problem });
  });
});
