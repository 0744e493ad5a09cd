// What is wrong with an instruction before anything is built.

import { isFlaw, namedValues, splitWords, type Flaw, type Instruction } from './parse.js';

/** Docker's complaint about the number or form of what stands behind a keyword; undefined when it is in order. */
export function instructionFlaw(instruction: Instruction): Flaw | undefined {
  const { keyword, rest, json, line } = instruction;
  const at = (text: string): Flaw => ({ flaw: `dockerfile parse error line ${line}: ${text}` });
  const words = json ?? splitWords(rest);
  switch (keyword) {
    case 'WORKDIR': case 'USER': case 'STOPSIGNAL': case 'MAINTAINER':
      return rest.trim() === '' || (keyword !== 'MAINTAINER' && words.length !== 1)
        ? at(`${keyword} requires exactly one argument`) : undefined;
    case 'FROM':
      return words.length === 1 || (words.length === 3 && words[1]!.toUpperCase() === 'AS') ? undefined
        : at('FROM requires either one or three arguments');
    case 'COPY': case 'ADD':
      if (words.length === 1) {
        return at(`${keyword} requires at least two arguments, but only one was provided. Destination could not be `
          + 'determined');
      }
      return words.length === 0 ? at(`${keyword} requires at least two arguments, but none were provided`) : undefined;
    case 'SHELL':
      if (json === undefined) return at('SHELL requires the arguments to be in JSON form');
      return json.length === 0 ? at('SHELL requires at least one argument') : undefined;
    case 'EXPOSE': case 'VOLUME': case 'ARG': case 'HEALTHCHECK': case 'ONBUILD':
      if (words.length === 0) return at(`${keyword} requires at least one argument`);
      if (keyword === 'HEALTHCHECK' && !/^(NONE|CMD)\b/i.test(rest)) {
        return at(`Unknown type "${splitWords(rest)[0]?.toUpperCase()}" in HEALTHCHECK (try CMD)`);
      }
      return undefined;
    case 'ENV': case 'LABEL': {
      if (words.length === 0) return at(`${keyword} requires at least one argument`);
      const pairs = namedValues(instruction);
      return isFlaw(pairs) ? pairs : undefined;
    }
    default: return undefined;
  }
}
