// How iperf3 3.12 writes amounts, rates and shares.

const BYTES = ['Bytes', 'KBytes', 'MBytes', 'GBytes', 'TBytes'];
const BITS = ['bits/sec', 'Kbits/sec', 'Mbits/sec', 'Gbits/sec', 'Tbits/sec'];

/** `1.25 MBytes`. */
export function bytesText(bytes: number): string {
  return scaled(bytes, 1024, BYTES);
}

/** `10.5 Mbits/sec`. */
export function rateText(bytes: number, overNs: number): string {
  return scaled(bitsPerSecond(bytes, overNs), 1000, BITS);
}

function bitsPerSecond(bytes: number, overNs: number): number {
  return overNs <= 0 ? 0 : (bytes * 8) / (overNs / 1e9);
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let unit = 0;
  let amount = value;
  for (; amount >= step && unit < units.length - 1; unit++) amount /= step;
  const digits = amount < 9.995 ? 2 : amount < 99.95 ? 1 : 0;
  return `${amount.toFixed(digits).padStart(4)} ${units[unit]!}`;
}

/** `  0.00-1.00   sec`. */
export function intervalText(fromNs: number, untilNs: number): string {
  return `${seconds(fromNs).padStart(6)}-${seconds(untilNs).padEnd(6)} sec`;
}

function seconds(ns: number): string {
  return (ns / 1e9).toFixed(2);
}

/** `0.5` of `printf %.2g`. */
export function percentText(part: number, whole: number): string {
  const share = whole === 0 ? 0 : (100 * part) / whole;
  if (share >= 99.5) return '1e+02';
  return String(Number(share.toPrecision(2)));
}
