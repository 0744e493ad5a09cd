// What must hold, and what must not: a broken assertion is a bug of ours, never the user's mistake,
// so it throws, nobody below a service's main catches it, and the process ends.

/** Thrown by {@link assert}. Its message says what was expected to hold. */
export class BrokenAssertion extends Error {
  override readonly name = 'BrokenAssertion';
}

/** Ends the process' work with `message` when `holds` is false. Never used for input that a user or a peer controls. */
export function assert(holds: boolean, message: string): asserts holds {
  if (!holds) throw new BrokenAssertion(message);
}

/** For the end of a `switch` over a union: the compiler refuses the call while a case is missing. */
export function unreachable(value: never): never {
  throw new BrokenAssertion(`no case for ${JSON.stringify(value)}`);
}
