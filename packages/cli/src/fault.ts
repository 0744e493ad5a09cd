// What went wrong because of what the user gave us or what is missing around us: one clear line and an exit status of
// its own, never a stack trace.

/** Exit statuses of the netreel command. */
export const EXIT = {
  held: 0,
  /** A check of the scenario did not hold, or two histories differ. */
  failed: 1,
  /** The scenario file or the command line is wrong. */
  wrong: 2,
  /** What was asked for is not there: a run, a file, a host, a moment. */
  missing: 3,
  /** A recorded history is damaged, cut short or of another version. */
  damaged: 4,
  /** A server is away or cannot be started. */
  unreachable: 5,
  /** Ended by the user, as a shell counts it. */
  interrupted: 130,
  /** A bug of ours. */
  bug: 70,
} as const;

export class UserFault extends Error {
  override readonly name = 'UserFault';

  constructor(readonly exit: number, message: string) {
    super(message);
  }
}
