// Types that can be asked for by name (RFC 1035 section 3.2 and later ones).

const TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'ANY', 'CAA', 'CNAME', 'DNAME', 'DNSKEY', 'DS', 'HINFO', 'MX',
  'NAPTR', 'NS', 'NSEC', 'PTR', 'RRSIG', 'SOA', 'SRV', 'TXT']);

/** In capitals; undefined when it is no type. */
export function questionType(word: string): string | undefined {
  const type = word.toUpperCase();
  return TYPES.has(type) ? type : undefined;
}
