// Numbers in the words of docker's tables.

/** `3 seconds`, `About a minute`, `2 weeks`. */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.floor((seconds + 1800) / 3600);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(Math.floor(seconds / 3600) / 24 / 365)} years`;
}

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `1.98MB`: powers of 1000, with so many digits that count. */
export function sizeText(bytes: number, digits: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < SIZES.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${Number(size.toPrecision(digits))}${SIZES[unit]}`;
}

/** `23.54GiB`: powers of 1024, four digits that count. */
export function binarySize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${Number(size.toPrecision(4))}${units[unit]}`;
}

/** At most so many letters, the last of them an ellipsis when some were dropped. */
export function shortened(text: string, letters: number): string {
  const all = [...text];
  return all.length <= letters ? text : `${all.slice(0, letters - 1).join('')}…`;
}

/** The first twelve digits of an id, without the kind of its hash. */
export function shortId(id: string): string {
  return id.replace(/^[a-z0-9]+:/, '').slice(0, 12);
}

/** Whether one name comes before another where runs of digits count as numbers: net2 before net10. */
export function naturalOrder(one: string, other: string): number {
  const left = one.match(/\d+|\D+/g) ?? [];
  const right = other.match(/\d+|\D+/g) ?? [];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [a, b] = [left[at]!, right[at]!];
    if (a === b) continue;
    if (/^\d/.test(a) && /^\d/.test(b)) {
      const [small, large] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')];
      if (small.length !== large.length) return small.length - large.length;
      if (small !== large) return small < large ? -1 : 1;
      return b.length - a.length;
    }
    return a < b ? -1 : 1;
  }
  return left.length - right.length;
}
