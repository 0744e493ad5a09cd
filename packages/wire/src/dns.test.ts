import { DNS_ANSWER, DNS_NAME_ERROR, DNS_QUERY } from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { decodeDns, encodeDns, formatDns, isDnsName } from './dns.js';
import type { DnsMessage, DnsRecord } from './dns.js';

/** The UDP payload of a frame whose IPv4 header has no options. */
const messageOf = (frame: Uint8Array): Uint8Array => frame.subarray(42);

const QUERY: DnsMessage = {
  id: 0x1234, response: false, authoritative: false, truncated: false, recursionDesired: true,
  recursionAvailable: false,
  rcode: 'NOERROR', questions: [{ name: 'web', type: 'A' }], answers: [],
};
const ANSWER: DnsMessage = {
  ...QUERY, response: true, recursionAvailable: true,
  answers: [{ type: 'A', name: 'web', ttlSeconds: 600, address: 0x0a000004 }],
};

function messageFrom(bytes: Uint8Array): DnsMessage {
  const decoded = decodeDns(bytes);
  if (!decoded.ok) throw new Error(decoded.flaw);
  return decoded.packet;
}

describe('a DNS message', () => {
  it('is read as a query, an answer with a compressed name, and a refusal', () => {
    expect(messageFrom(messageOf(DNS_QUERY))).toEqual(QUERY);
    expect(messageFrom(messageOf(DNS_ANSWER))).toEqual(ANSWER);
    expect(messageFrom(messageOf(DNS_NAME_ERROR))).toEqual({
      id: 7, response: true, authoritative: true, truncated: false, recursionDesired: true, recursionAvailable: true,
      rcode: 'NXDOMAIN', questions: [{ name: 'none', type: 'AAAA' }], answers: [],
    });
  });

  it('is written with the same bytes where no name is repeated', () => {
    expect([...encodeDns(QUERY)]).toEqual([...messageOf(DNS_QUERY)]);
    expect([...encodeDns(messageFrom(messageOf(DNS_NAME_ERROR)))]).toEqual([...messageOf(DNS_NAME_ERROR)]);
  });

  it('is a plain array of bytes of its own', () => {
    const bytes = encodeDns(ANSWER);
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    expect(bytes).toHaveLength(12 + 9 + 5 + 14);
  });

  const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const;

  it.each(rcodes)('keeps the answer code %s', (rcode) => {
    expect(messageFrom(encodeDns({ ...ANSWER, answers: [], rcode })).rcode).toBe(rcode);
  });

  it('has an answer code in the lowest four bits, by its number of RFC 1035 section 4.1.1', () => {
    const codes = rcodes.map((rcode) => encodeDns({ ...ANSWER, rcode })[3]! & 0x0f);
    expect(codes).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps each flag apart from the others', () => {
    for (const flag of ['response', 'authoritative', 'truncated', 'recursionDesired', 'recursionAvailable'] as const) {
      const none = { ...QUERY, recursionDesired: false };
      expect(messageFrom(encodeDns({ ...none, [flag]: true }))).toEqual({ ...none, [flag]: true });
    }
    expect(messageFrom(encodeDns({ ...QUERY, opcode: 5 }))).toEqual({ ...QUERY, opcode: 5 });
  });

  it('keeps each kind of record', () => {
    const answers: DnsRecord[] = [
      { type: 'A', name: 'web.example', ttlSeconds: 0, address: 0xffffffff },
      { type: 'AAAA', name: 'web', ttlSeconds: 1, address: 'fd00::2' },
      { type: 'CNAME', name: 'www', ttlSeconds: 600, target: 'web.example' },
      { type: 'PTR', name: '2.0.0.10.in-addr.arpa', ttlSeconds: 600, target: 'web.ov' },
      { type: 'NS', name: '.', ttlSeconds: 0xffffffff, target: 'a.root' },
      { type: 'MX', name: 'example', ttlSeconds: 5, preference: 10, target: 'mail.example' },
      { type: 'TXT', name: 'example', ttlSeconds: 5, text: 'x'.repeat(600) },
      { type: 'TXT', name: 'empty', ttlSeconds: 5, text: '' },
    ];
    expect(messageFrom(encodeDns({ ...ANSWER, answers })).answers).toEqual(answers);
  });

  it('keeps questions of types that have no record here', () => {
    const questions = ['ANY', 'SOA', 'SRV', 'UNKNOWN_65'].map((type) => ({ name: 'web', type }));
    expect(messageFrom(encodeDns({ ...QUERY, questions })).questions).toEqual(questions);
  });

  it('leaves out answers of types that it does not know', () => {
    const bytes = encodeDns(ANSWER);
    // The type of the only answer, behind header, question and name.
    bytes[12 + 9 + 5 + 1] = 99;
    expect(messageFrom(bytes).answers).toEqual([]);
  });

  it('keeps the case of names', () => {
    expect(messageFrom(encodeDns({ ...QUERY, questions: [{ name: 'WeB', type: 'A' }] })).questions[0]!.name)
      .toBe('WeB');
  });

  it('survives a round trip', () => {
    const generator = new Generator(16);
    const letter = (): string => generator.pick([...'abcxyz0129-_']);
    const label = (): string => Array.from({ length: 1 + generator.below(12) }, letter).join('');
    const name = (): string => Array.from({ length: 1 + generator.below(3) }, label).join('.');
    for (let round = 0; round < 300; round++) {
      const message: DnsMessage = {
        ...ANSWER, id: generator.below(65536), questions: [{ name: name(),
          type: generator.pick(['A', 'AAAA', 'PTR']) }],
        answers: Array.from({ length: generator.below(5) }, (): DnsRecord => generator.flag()
          ? { type: 'A', name: name(), ttlSeconds: generator.next(), address: generator.next() }
          : { type: 'PTR', name: name(), ttlSeconds: generator.next(), target: name() }),
      };
      expect(messageFrom(encodeDns(message))).toEqual(message);
    }
  });

  it('is flawed at every shorter length', () => {
    const all = encodeDns({ ...ANSWER, answers: [
      ...ANSWER.answers,
      { type: 'AAAA', name: 'web', ttlSeconds: 1, address: 'fd00::2' },
      { type: 'TXT', name: 'web', ttlSeconds: 1, text: 'some text' },
      { type: 'PTR', name: 'web', ttlSeconds: 1, target: 'b' },
    ] });
    for (const bytes of [messageOf(DNS_QUERY), messageOf(DNS_ANSWER), messageOf(DNS_NAME_ERROR), all]) {
      for (let length = 0; length < bytes.length; length++) expect(decodeDns(bytes, 0, length).ok).toBe(false);
    }
  });

  it('is read or refused, whatever the type and the bytes of a record', () => {
    const generator = new Generator(17);
    const head = messageOf(DNS_ANSWER).subarray(0, 32);
    for (let round = 0; round < 20_000; round++) {
      const data = generator.bytes(generator.below(40)).map((byte) => byte & generator.pick([0xff, 0x0f, 0x03]));
      const bytes = Uint8Array.of(...head, 0, ...data);
      bytes[23] = generator.pick([0, 0, 0, 1, 0x80]);
      bytes[24] = generator.below(256);
      bytes[32] = generator.flag() ? data.length : generator.below(50);
      const decoded = decodeDns(bytes);
      // What was read can be written again: a server answers with the question it got.
      if (decoded.ok) expect(messageFrom(encodeDns(decoded.packet))).toEqual(decoded.packet);
    }
  });

  it('is flawed when a name points to itself or forward', () => {
    const bytes = messageOf(DNS_ANSWER).slice();
    bytes[22] = 0x16;
    expect(decodeDns(bytes)).toEqual({ ok: false, flaw: 'bad-value' });
  });

  it('is flawed when a name could not be written back', () => {
    const question = (label: readonly number[]): unknown => {
      const bytes = Uint8Array.of(...messageOf(DNS_QUERY).subarray(0, 12), label.length, ...label, 0, 0, 1, 0, 1);
      return decodeDns(bytes);
    };
    expect(question([0x61, 0x2d, 0x62])).toMatchObject({ ok: true });
    expect(question(new Array<number>(63).fill(0xff))).toEqual({ ok: false, flaw: 'bad-value' });
    expect(question([0x2e, 0x61])).toEqual({ ok: false, flaw: 'bad-value' });
    expect(question([0x61, 0x2e])).toEqual({ ok: false, flaw: 'bad-value' });
  });

  it('has questions of class IN', () => {
    const bytes = messageOf(DNS_QUERY).slice();
    bytes[bytes.length - 1] = 3;
    expect(decodeDns(bytes)).toEqual({ ok: false, flaw: 'unsupported' });
  });

  it('is refused at once when its counts cannot be true', () => {
    const bytes = messageOf(DNS_QUERY).slice();
    bytes.fill(0xff, 4, 12);
    expect(decodeDns(bytes)).toEqual({ ok: false, flaw: 'truncated' });
  });

  it('is unsupported with an answer code beyond RFC 1035', () => {
    const bytes = messageOf(DNS_ANSWER).slice();
    bytes[3] = 0x86;
    expect(decodeDns(bytes)).toEqual({ ok: false, flaw: 'unsupported' });
  });

  it('is printed as tcpdump prints it', () => {
    expect(formatDns(QUERY)).toBe('4660+ A? web.');
    expect(formatDns(ANSWER)).toBe('4660 1/0/0 A 10.0.0.4');
    expect(formatDns(messageFrom(messageOf(DNS_NAME_ERROR)))).toBe('7 NXDomain* 0/0/0');
    expect(formatDns({ ...ANSWER, recursionAvailable: false, truncated: true, answers: [
      { type: 'CNAME', name: 'web', ttlSeconds: 1, target: 'a.b' },
      { type: 'MX', name: 'web', ttlSeconds: 1, preference: 5, target: 'm' },
    ] })).toBe('4660-| 2/0/0 CNAME a.b., MX m. 5');
  });
});

describe('a DNS name', () => {
  const three = `${'x'.repeat(63)}.`.repeat(3);

  it.each(['web', 'web.', '.', 'a.b.c', 'tasks.web', '_x', 'x'.repeat(63), three + 'x'.repeat(61)])(
    'may be %p', (name) => {
      expect(isDnsName(name)).toBe(true);
      expect(messageFrom(encodeDns({ ...QUERY, questions: [{ name, type: 'A' }] })).questions[0]!.name)
        .toBe(name === '.' ? '.' : name.replace(/\.$/, ''));
    });

  it.each(['', '..', 'a..b', '.a', 'x'.repeat(64), three + 'x'.repeat(62), 'ä'.repeat(32)])(
    'may not be %p', (name) => {
      expect(isDnsName(name)).toBe(false);
      expect(() => encodeDns({ ...QUERY, questions: [{ name, type: 'A' }] })).toThrow('no DNS name');
    });
});
