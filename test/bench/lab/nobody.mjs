/** An operator who gives no orders: what is in the nodes runs by itself. */
export const NOBODY = {
  nextAt: () => Number.MAX_SAFE_INTEGER,
  wakeAt: () => Number.MAX_SAFE_INTEGER,
  wake: () => undefined,
  take: () => [],
  observe: () => undefined,
  windowEnded: () => undefined,
  done: () => false,
};
