import { formatRule, parseRule } from './rule.js';

/** What a rule's words become after one reading and writing. */
function kept(text: string): string {
  const rule = parseRule(text);
  return typeof rule === 'string' ? `refused: ${rule}` : formatRule(rule);
}

describe('a rule in words', () => {
  it.each([
    '-j ACCEPT', '-i docker0 ! -o docker0 -j ACCEPT', '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
    '! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER', '-m addrtype --src-type LOCAL -o x -j RETURN',
    '-o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', '-p icmp -j DROP',
    '-p udp -m udp --dport 53 -j DNAT --to-destination 172.17.0.2:53',
    '-p tcp -m tcp --sport 1024:65535 ! --dport 80 -j SNAT --to-source 192.0.2.1', '-s 10.0.0.1/32',
  ])('%s is read, and printed in the order of iptables-save', (text) => {
    const once = kept(text);
    expect(kept(once)).toBe(once);
    expect(once.split(' ').sort()).toEqual(text.split(' ').sort());
  });

  it('is printed with source, target, links, protocol and extensions in that order', () => {
    expect(kept('-j DROP -m udp -p udp --dport 7 -o b -i a -d 10.0.0.5/24 ! -s 10.0.0.1'))
      .toBe('! -s 10.0.0.1/32 -d 10.0.0.0/24 -i a -o b -p udp -m udp --dport 7 -j DROP');
  });

  it.each([
    ['--dport 53 -j ACCEPT', 'unknown option "--dport"'], ['-s 10.0.0.0/33', 'invalid mask `33\' specified'],
    ['-p sctp', 'unknown protocol "sctp" specified'], ['-x y', 'unknown option "-x"'],
    ['-p udp --dport 70000', 'invalid port/service `70000\' specified'],
    ['-j DNAT', 'DNAT: option "--to-destination" must be specified'],
    ['-m conntrack --ctstate OLD', 'Bad ctstate "OLD"'], ['-i', 'option "-i" requires an argument'],
  ])('%s is refused: %s', (text, why) => expect(kept(text)).toBe(`refused: ${why}`));
});
