// The services that the programs here speak of by name: /etc/services of Debian.

const SERVICES: readonly (readonly [string, number])[] = [['ftp', 21], ['ssh', 22], ['telnet', 23], ['smtp', 25],
  ['domain', 53], ['bootps', 67], ['http', 80], ['ntp', 123], ['snmp', 161], ['https', 443], ['mysql', 3306],
  ['postgresql', 5432], ['mdns', 5353], ['redis', 6379], ['http-alt', 8080]];
const PORT_MAX = 65_535;
const DATAGRAMS: ReadonlySet<string> = new Set(['bootps', 'domain', 'mdns', 'ntp', 'snmp']);
/** What a stream never is. */
const DATAGRAMS_ALONE: ReadonlySet<string> = new Set(['bootps', 'mdns', 'ntp']);

/** The name of a port, or its number. */
export function serviceOf(port: number, protocol: string): string {
  const name = SERVICES.find(([, number]) => number === port)?.[0];
  if (name === undefined) return String(port);
  const known = protocol === 'udp' ? DATAGRAMS.has(name) : !DATAGRAMS_ALONE.has(name);
  return known ? name : String(port);
}

/** A number, or a name's. */
export function portOfService(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) > PORT_MAX ? undefined : Number(text);
  return SERVICES.find(([name]) => name === text)?.[1];
}
