// What the user asked for and Docker does not do: a value with Docker's own text, never an exception.

import type { RefusalKind, StoreAnswer } from './port.js';

/** An operation's answer when it was refused. */
export interface Refusal {
  readonly refused: true;
  readonly kind: RefusalKind;
  readonly message: string;
}

/** Makes a refusal. */
export function refuse(kind: RefusalKind, message: string): Refusal {
  return { refused: true, kind, message };
}

/** Whether an operation's answer is a refusal. */
export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && (answer as { refused?: unknown }).refused === true;
}

/** The store's answer in the engine's terms. */
export function fromStore<T>(answer: StoreAnswer<T>): { readonly value: T } | Refusal {
  return answer.ok ? { value: answer.value } : refuse(answer.kind, answer.message);
}
