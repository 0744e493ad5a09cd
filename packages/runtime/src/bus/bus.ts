// The bus between processes: a hint, never the truth. Messages may be lost, repeated or come in another order; whoever
// listens knows from the messages themselves what is missing and fetches it from the journal.

export interface Subscription {
  unsubscribe(): void;
}

export type BusHandler = (subject: string, bytes: Uint8Array) => void;

export interface Bus {
  /**
   * Sends to everybody who listens, also to oneself. Says nothing about arrival; while there is no connection, it
   * drops.
   */
  publish(subject: string, bytes: Uint8Array): void;
  /** `pattern` may hold `*` for one word and end in `>` for all that follow. The bytes are the handler's to keep. */
  subscribe(pattern: string, handler: BusHandler): Subscription;
  /** Waits until what was published and subscribed before has reached the server; not longer than a few seconds. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
