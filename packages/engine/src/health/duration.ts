import { HOUR, MICROSECOND, MILLISECOND, MINUTE, SECOND } from '@netreel/sim';

/** A length of time as Go prints it: `1m0s`, `1.5s`, `500ms`. */
export function goDuration(ns: number): string {
  if (ns < SECOND) {
    const [unit, name] = ns < MICROSECOND ? [1, 'ns'] as const : ns < MILLISECOND ? [MICROSECOND, '\u00b5s'] as const
      : [MILLISECOND, 'ms'] as const;
    return ns === 0 ? '0s' : `${decimal(ns, unit)}${name}`;
  }
  const hours = Math.floor(ns / HOUR);
  const minutes = Math.floor((ns % HOUR) / MINUTE);
  const seconds = `${decimal(ns % MINUTE, SECOND)}s`;
  return hours > 0 ? `${hours}h${minutes}m${seconds}` : minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** `ns` in `unit`, with as many digits behind the point as matter. */
function decimal(ns: number, unit: number): string {
  const digits = String(unit).length - 1;
  const fraction = digits === 0 ? '' : String(ns % unit).padStart(digits, '0').replace(/0+$/, '');
  return `${Math.floor(ns / unit)}${fraction === '' ? '' : `.${fraction}`}`;
}
