// A command line that cannot go on unwinds to the command with its text; runDocker turns it into a result, so that
// nothing is ever thrown at a caller.

/** The text for standard error and the exit status. */
export class Refusal extends Error {
  constructor(readonly text: string, readonly exit = 1, readonly notFound = false) {
    super(text);
  }
}

/** Ends the command with this text. */
export function refuse(text: string, exit = 1): never {
  throw new Refusal(text, exit);
}

/** The value of `step`, or the refusal it ended in. */
export function attempt<T>(step: () => T): T | Refusal {
  try {
    return step();
  } catch (problem) {
    if (problem instanceof Refusal) return problem;
    throw problem;
  }
}

/** The same for a conversation. */
export function* attempted<S, T, A>(steps: Generator<S, T, A>): Generator<S, T | Refusal, A> {
  try {
    return yield* steps;
  } catch (problem) {
    if (problem instanceof Refusal) return problem;
    throw problem;
  }
}
