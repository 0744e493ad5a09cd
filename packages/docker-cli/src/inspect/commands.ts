import { atLeast, type Command } from '../command.js';
import { flagTable } from '../flags/declare.js';
import { refuse } from '../refusal.js';
import { goQuote } from '../template/number.js';
import { findAnything, findContainer, findImage, findNetwork, findVolume, KIND_NAMES } from './lookup.js';
import { showAll } from './show.js';

const FORMAT = `  -f, --format string   Format output using a custom template:
                        'json':             Print in JSON format
                        'TEMPLATE':         Print output using the given
                        Go template.
                        Refer to https://docs.docker.com/go/formatting/
                        for more information about formatting output with
                        templates`;

export const inspect: Command = {
  paths: ['inspect'],
  usage: '[OPTIONS] NAME|ID [NAME|ID...]',
  about: 'Return low-level information on Docker objects',
  flags: flagTable(`${FORMAT}
  -s, --size            Display total file sizes if the type is container
      --type string     Only inspect objects of the given type
`),
  words: atLeast(1),
  *run({ flags, words, output }) {
    const kind = flags.text('type');
    if (flags.changed('type') && kind === '') refuse('type is empty: must be one of "' + KIND_NAMES.join('", "') + '"');
    if (kind !== '' && !KIND_NAMES.includes(kind)) {
      refuse(`unknown type: ${goQuote(kind)}: must be one of "${KIND_NAMES.join('", "')}"`);
    }
    return yield* showAll(output, flags.text('format'), words,
      (name) => findAnything(output, name, kind, flags.bool('size')));
  },
};

export const containerInspect: Command = {
  paths: ['container inspect'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  about: 'Display detailed information on one or more containers',
  flags: flagTable(`${FORMAT}
  -s, --size            Display total file sizes
`),
  words: atLeast(1),
  *run({ flags, words, output }) {
    return yield* showAll(output, flags.text('format'), words, (name) => findContainer(name, flags.bool('size')));
  },
};

export const networkInspect: Command = {
  paths: ['network inspect'],
  usage: '[OPTIONS] NETWORK [NETWORK...]',
  about: 'Display detailed information on one or more networks',
  flags: flagTable(`${FORMAT}
  -v, --verbose         Verbose output for diagnostics
`),
  words: atLeast(1),
  *run({ flags, words, output }) {
    return yield* showAll(output, flags.text('format'), words, (name) => findNetwork(name, flags.bool('verbose')));
  },
};

export const volumeInspect: Command = {
  paths: ['volume inspect'],
  usage: '[OPTIONS] VOLUME [VOLUME...]',
  about: 'Display detailed information on one or more volumes',
  flags: flagTable(FORMAT),
  words: atLeast(1),
  *run({ flags, words, output }) {
    return yield* showAll(output, flags.text('format'), words, findVolume);
  },
};

export const imageInspect: Command = {
  paths: ['image inspect'],
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  about: 'Display detailed information on one or more images',
  flags: flagTable(FORMAT),
  words: atLeast(1),
  *run({ flags, words, output }) {
    return yield* showAll(output, flags.text('format'), words, findImage);
  },
};
