// Refusals in the words of Docker and swarmkit. A manager's refusals reach the user with their gRPC code in the text.

import type { RefusalKind, StoreRefusal } from './objects.js';

export function refusal(kind: RefusalKind, message: string): StoreRefusal {
  return { ok: false, kind, message };
}

/** gRPC codes that a manager refuses with, and the kinds that Docker's API makes of them. */
const KINDS = {
  InvalidArgument: 'InvalidParameter',
  NotFound: 'NotFound',
  AlreadyExists: 'Conflict',
  PermissionDenied: 'Forbidden',
  FailedPrecondition: 'InvalidParameter',
} as const satisfies Record<string, RefusalKind>;

/** A refusal in the words of a gRPC status, which is how a manager's reaches the user. */
export function grpcRefusal(code: keyof typeof KINDS, description: string): StoreRefusal {
  return refusal(KINDS[code], `rpc error: code = ${code} desc = ${description}`);
}

/** An address that cannot be had is told to nobody: the task waits until its engine loses patience. */
export function neverAttached(managerLog: string): StoreRefusal {
  return { ok: false, kind: 'System', managerLog,
    message: 'attaching to network failed, make sure your network options are correct and check manager logs: ' +
      'context deadline exceeded' };
}
