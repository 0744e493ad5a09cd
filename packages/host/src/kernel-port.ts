// What a kernel gets of its node: the machine's clock, agenda and draws, and the way to the underlay.

import type { KernelPort } from '@netreel/kernel';
import type { Machine } from '@netreel/sim';
import type { Frame } from '@netreel/wire';

/** `transmit` takes what leaves the node's NIC, and how long it waited there. */
export function kernelPort(machine: Machine, transmit: (frame: Frame, waitNs: number) => void): KernelPort {
  return {
    now: () => machine.now(),
    schedule: (at, handler, argument) => machine.schedule(at, handler, argument),
    cancel: (ticket) => machine.cancel(ticket),
    random: (purpose) => machine.random(purpose),
    newId: (kind, digits) => machine.newId(kind, digits),
    emit: (event) => machine.emit(event),
    transmit: (_link, frame, waitNs) => transmit(frame, waitNs),
  };
}
