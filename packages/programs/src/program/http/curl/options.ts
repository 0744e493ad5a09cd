// curl's command line. Words of curl 7.88.

/** Long names of options by letter; a letter of its own for those that have only a long one. */
const FLAGS: Readonly<Record<string, string>> = { silent: 's', 'show-error': 'S', 'remote-name': 'O', head: 'I',
  include: 'i', verbose: 'v', location: 'L', fail: 'f', insecure: 'k', get: 'G', 'progress-bar': '#', ipv4: '4',
  ipv6: '6', 'no-buffer': 'N', globoff: 'g', compressed: '+compressed', 'retry-connrefused': '+connrefused',
  'retry-all-errors': '+allerrors', 'fail-with-body': '+failbody', 'http1.1': '+h11', 'http1.0': '0',
  'no-progress-meter': '+nometer', parallel: 'Z', 'create-dirs': '+dirs', 'path-as-is': '+asis',
    'no-keepalive': '+nk' };
const VALUES: Readonly<Record<string, string>> = { output: 'o', request: 'X', data: 'd', 'data-raw': '+raw',
  'data-binary': '+binary', 'data-ascii': 'd', 'data-urlencode': '+encode', header: 'H', 'max-time': 'm',
  'write-out': 'w', 'connect-timeout': '+connect', retry: '+retry', 'retry-delay': '+delay',
  'retry-max-time': '+retrytime', 'max-redirs': '+redirs', user: 'u', 'user-agent': 'A', referer: 'e',
  'upload-file': 'T', resolve: '+resolve', interface: '+interface', cookie: 'b', url: '+url', json: '+json',
  'output-dir': '+dir', 'limit-rate': '+rate', 'keepalive-time': '+keepalive' };
/** Of the real one, but not here. */
const MISSING_FLAGS = 'aBCjJlnpqQRtUyYzZ1235'.split('');
const NUMBERS: ReadonlySet<string> = new Set(['m', '+connect', '+retry', '+delay', '+redirs']);

export interface CurlOptions {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly headers: readonly string[];
  /** Bodies in their order: the letter they came with, and their text. */
  readonly data: readonly (readonly [option: string, text: string])[];
  readonly resolves: readonly string[];
  /** Pages, and the file each is to be written to. */
  readonly urls: readonly string[];
  readonly outputs: readonly ('remote' | { readonly file: string })[];
}

/** A text is a complaint. */
export function readCurlOptions(argv: readonly string[]): CurlOptions | string {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const headers: string[] = [];
  const data: (readonly [string, string])[] = [];
  const resolves: string[] = [];
  const urls: string[] = [];
  const outputs: ('remote' | { readonly file: string })[] = [];
  let flaw: string | undefined;
  const flag = (option: string): void => {
    flags.add(option);
    if (option === 'O') outputs.push('remote');
  };
  const value = (option: string, text: string, shown: string): void => {
    if (NUMBERS.has(option) && !/^\d+(?:\.\d+)?$/.test(text)) {
      flaw ??= `option ${shown}: expected a proper numerical parameter`;
    }
    values.set(option, text);
    if (option === 'H') headers.push(text);
    else if (['d', '+raw', '+binary', '+encode', '+json'].includes(option)) data.push([option, text]);
    else if (option === '+resolve') resolves.push(text);
    else if (option === 'o') outputs.push({ file: text });
    else if (option === '+url') urls.push(text);
  };
  for (let at = 1; at < argv.length && flaw === undefined; at++) {
    const word = argv[at]!;
    if (!word.startsWith('-') || word === '-') {
      urls.push(word);
    } else if (word.startsWith('--')) {
      const name = word.slice(2);
      const taking = VALUES[name];
      if (taking !== undefined) {
        if (argv[at + 1] === undefined) return `option ${word}: requires parameter`;
        value(taking, argv[++at]!, word);
      } else if (FLAGS[name] !== undefined) {
        flag(FLAGS[name]!);
      } else if (name === 'help' || name === 'version') {
        flag(name === 'help' ? 'h' : 'V');
      } else if (name.startsWith('no-') && FLAGS[name.slice(3)] !== undefined) {
        flags.delete(FLAGS[name.slice(3)]!);
      } else {
        return `option ${word}: is unknown`;
      }
    } else {
      for (let letter = 1; letter < word.length; letter++) {
        const option = word[letter]!;
        if (Object.values(VALUES).includes(option)) {
          const text = letter + 1 < word.length ? word.slice(letter + 1) : argv[++at];
          if (text === undefined) return `option -${option}: requires parameter`;
          value(option, text, `-${option}`);
          break;
        }
        if (option === 'h' || option === 'V' || Object.values(FLAGS).includes(option)) flag(option);
        else if (option === 'Q') return `option -${option}: requires parameter`;
        else if (MISSING_FLAGS.includes(option)) {
          return `option -${option}: the installed libcurl version doesn't support this`;
        } else return `option -${option}: is unknown`;
      }
    }
  }
  return flaw ?? { flags, values, headers, data, resolves, urls, outputs };
}

export const HELP = `Usage: curl [options...] <url>
 -d, --data <data>          HTTP POST data
 -f, --fail                 Fail fast with no output on HTTP errors
 -h, --help <category>      Get help for commands
 -i, --include              Include protocol response headers in the output
 -o, --output <file>        Write to file instead of stdout
 -O, --remote-name          Write output to a file named as the remote file
 -s, --silent               Silent mode
 -T, --upload-file <file>   Transfer local FILE to destination
 -u, --user <user:password> Server user and password
 -A, --user-agent <name>    Send User-Agent <name> to server
 -v, --verbose              Make the operation more talkative
 -V, --version              Show version number and quit

This is not the full help, this menu is stripped into categories.
Use "--help category" to get an overview of all categories.
For all options use the manual or "--help all".
`;

export const VERSION = `curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1
Release-Date: 2023-02-20
Protocols: http
Features: IPv6
`;
