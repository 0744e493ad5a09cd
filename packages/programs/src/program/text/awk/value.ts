// What awk's values are: numbers, texts, and texts from outside that count as numbers when they look like one.

/** `looks`: it came from input, and its look decides how it is compared. */
export type Value = number | string | { readonly text: string };

export function toText(value: Value, format = '%.6g'): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return value.text;
  return Number.isInteger(value) ? integerText(value) : formatNumber(value, format);
}

function integerText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  const match = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(typeof value === 'object' ? value.text : value);
  return match === null ? 0 : Number(match[0]);
}

export function toTruth(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  return looksNumeric(value.text) ? toNumber(value) !== 0 : value.text !== '';
}

/** Below 0, 0 or above: as numbers when both are, else as texts. */
export function compareValues(left: Value, right: Value): number {
  if (isNumeric(left) && isNumeric(right)) return toNumber(left) - toNumber(right);
  const [a, b] = [toText(left), toText(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNumeric(value: Value): boolean {
  return typeof value === 'number' || (typeof value === 'object' && (value.text === '' || looksNumeric(value.text)));
}

function looksNumeric(text: string): boolean {
  return /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(text);
}

/** printf's %d %i %o %x %X %c %s %e %f %g with flags, width and precision. */
export function formatText(format: string, words: readonly Value[]): string {
  let next = 0;
  return format.replace(/%([-+ 0#]*)(\*|\d*)(?:\.(\*|\d+))?([a-zA-Z%])/g, (whole, flags: string, width: string,
    precision: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    const wide = width === '*' ? toNumber(words[next++] ?? 0) : Number(width);
    const exact = precision === '*' ? toNumber(words[next++] ?? 0) : precision === undefined ? undefined
      : Number(precision);
    const value = words[next++] ?? '';
    const text = formatOne(kind, value, exact);
    if (text === undefined) return whole;
    const plus = !/^[dieEfg]$/.test(kind) || text.startsWith('-') ? '' : flags.includes('+') ? '+'
      : flags.includes(' ') ? ' ' : '';
    const signed = plus + text;
    if (flags.includes('-')) return signed.padEnd(wide);
    if (!flags.includes('0') || kind === 's' || kind === 'c') return signed.padStart(wide);
    const sign = /^[-+ ]/.test(signed) ? signed[0]! : '';
    return sign + signed.slice(sign.length).padStart(wide - sign.length, '0');
  });
}

function formatOne(kind: string, value: Value, precision: number | undefined): string | undefined {
  switch (kind) {
    case 'd': case 'i': return integerText(Math.trunc(toNumber(value)));
    case 'u': return integerText(Math.trunc(toNumber(value)));
    case 'o': return Math.trunc(toNumber(value)).toString(8);
    case 'x': return Math.trunc(toNumber(value)).toString(16);
    case 'X': return Math.trunc(toNumber(value)).toString(16).toUpperCase();
    case 'c': return typeof value === 'number' ? String.fromCharCode(value) : toText(value).slice(0, 1);
    case 's': return toText(value).slice(0, precision);
    case 'f': case 'F': return toNumber(value).toFixed(precision ?? 6);
    case 'e': return exponential(toNumber(value), precision ?? 6);
    case 'g': return general(toNumber(value), precision ?? 6);
    default: return undefined;
  }
}

function formatNumber(value: number, format: string): string {
  return formatText(format, [value]);
}

/** C writes two digits of exponent at least. */
function exponential(value: number, digits: number): string {
  return value.toExponential(digits).replace(/e([-+])(\d)$/, 'e$10$2');
}

function general(value: number, digits: number): string {
  if (value === 0) return '0';
  const precise = value.toExponential((digits === 0 ? 1 : digits) - 1);
  const exponent = Number(precise.slice(precise.indexOf('e') + 1));
  if (exponent < -4 || exponent >= digits) {
    return exponential(value, (digits === 0 ? 1 : digits) - 1).replace(/\.?0+e/, 'e');
  }
  const fixed = value.toFixed(digits - 1 - exponent < 0 ? 0 : digits - 1 - exponent);
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}
