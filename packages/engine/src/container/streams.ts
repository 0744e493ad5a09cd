// A client that stays with a process: what the process writes goes to it, what it sends goes into the process, until
// the process ends or the client has nothing more to do with it.

import { suspended, type Operation } from '@netreel/sim';
import type { EngineCore, WaitKind } from '../core.js';
import type { ProcessTarget } from '../port.js';
import type { OutputPiece } from '../tables.js';

/** The client's end of a process' standard streams. */
export interface StreamsClient {
  write(piece: OutputPiece): void;
  /** Absent when the client sends nothing. It may call `given` at once, with what was sent already. */
  listen?(input: { given(text: string): void; ended(): void }): void;
}

export interface Stay {
  readonly target: ProcessTarget;
  readonly terminal: boolean;
  /** The end of the client's input is the end of the process' own: exec, and `docker run -i` (StdinOnce). */
  readonly closesInput: boolean;
  /** Starts the process, once everything is in place to hear it. */
  readonly start?: () => void;
}

/**
 * Stays until the process has ended. An end of input that is not handed on (a terminal has none) ends the stay, as it
 * does with Docker.
 */
export function* stayWith(core: EngineCore, client: StreamsClient, stay: Stay): Operation<void> {
  const { target } = stay;
  const [kind, id]: [WaitKind, string] = target.exec === '' ? ['exit', target.container] : ['exec', target.exec];
  const handsOnEnd = stay.closesInput && !stay.terminal;
  let open = client.listen !== undefined;
  let over = false;
  let forget = (): void => undefined;
  const stopHearing = core.onOutput(target.container, target.exec, (piece) => client.write(piece));
  try {
    yield* suspended<undefined>((resume) => {
      const leave = (): void => {
        if (over) return;
        over = true;
        resume(undefined);
      };
      forget = core.onEnding(kind, id, leave);
      stay.start?.();
      if (over) return;
      client.listen?.({
        given: (text) => { if (open && !over) core.port.input(target, text); },
        ended: () => {
          if (!open || over) return;
          open = false;
          if (handsOnEnd) core.port.endInput(target);
          else leave();
        },
      });
    });
  } finally {
    stopHearing();
    forget();
    // A client that went away without a word has ended its input too.
    if (open && !over && handsOnEnd) core.port.endInput(target);
    over = true;
  }
}
