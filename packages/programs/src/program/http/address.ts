// Addresses of pages. RFC 3986, as far as http needs it.

export interface HttpAddress {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number;
  /** With the question, without the fragment. */
  readonly path: string;
  /** Host as a request names it: with the port unless that is the usual one. */
  readonly named: string;
  /** All of it, as it is shown. */
  readonly text: string;
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21 };

/** `http://web:8080/index.html`; the scheme may be left out. Undefined when it is no address. */
export function parseAddress(text: string): HttpAddress | undefined {
  const match =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(?:([^@/?#]*)@)?(\[[^\]/?#]*\]|[^/:?#]*)(?::(\d*))?(?=[/?#]|$)([^#]*)/
    .exec(text);
  if (match === null || match[3] === '') return undefined;
  const scheme = (match[1] ?? 'http').toLowerCase();
  const usual = PORTS[scheme] ?? 0;
  const port = match[4] === undefined || match[4] === '' ? usual : Number(match[4]);
  if (port > 65535) return undefined;
  const host = match[3]!.replace(/^\[(.*)\]$/, '$1');
  const path = match[5]!.startsWith('/') ? match[5]! : `/${match[5]!}`;
  const named = port === usual ? match[3]! : `${match[3]!}:${port}`;
  return { scheme, user: match[2], host, port, path, named, text: `${scheme}://${named}${path}` };
}

/** Where a Location leads, seen from the page that named it. */
export function followed(from: HttpAddress, location: string): HttpAddress | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(location)) return parseAddress(location);
  if (location.startsWith('//')) return parseAddress(`${from.scheme}:${location}`);
  const path = location.startsWith('/') ? location
    : location.startsWith('?') ? `${from.path.split('?')[0]!}${location}`
      : `${from.path.split('?')[0]!.replace(/[^/]*$/, '')}${location}`;
  return parseAddress(`${from.scheme}://${from.named}${path}`);
}
