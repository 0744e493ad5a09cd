// The bus inside one process. Messages arrive in order, but never while the sender is still speaking.

import type { Bus, BusHandler, Subscription } from './bus.js';
import { matches } from './subjects.js';

interface Listener {
  readonly pattern: string;
  readonly handler: BusHandler;
}

/** A bus for everybody who is given this object. */
export function memoryBus(): Bus {
  return new MemoryBus();
}

class MemoryBus implements Bus {
  private listeners: readonly Listener[] = [];
  private waiting: { readonly subject: string; readonly bytes: Uint8Array }[] = [];
  private closed = false;

  publish(subject: string, bytes: Uint8Array): void {
    if (this.closed) return;
    this.waiting.push({ subject, bytes: new Uint8Array(bytes) });
    if (this.waiting.length === 1) queueMicrotask(() => this.deliver());
  }

  subscribe(pattern: string, handler: BusHandler): Subscription {
    const listener: Listener = { pattern, handler };
    this.listeners = [...this.listeners, listener];
    return {
      unsubscribe: () => { this.listeners = this.listeners.filter((other) => other !== listener); },
    };
  }

  async flush(): Promise<void> {
    while (this.waiting.length > 0) await Promise.resolve();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners = [];
    this.waiting = [];
  }

  private deliver(): void {
    const messages = this.waiting;
    this.waiting = [];
    for (const { subject, bytes } of messages) {
      // The list is replaced, never changed: who unsubscribes while this runs is asked once more at most.
      for (const { pattern, handler } of this.listeners) if (matches(pattern, subject)) handler(subject, bytes);
    }
  }
}
