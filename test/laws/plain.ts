// Tables as plain values that keep what a comparison of Maps forgets: the order in which rows came.

/** Maps and sets as lists in their order, typed arrays as lists, everything else as it is. */
export function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(([key, row]) => [plain(key), plain(row)]);
  if (value instanceof Set) return [...value].map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)
    .map(([key, each]) => [key, plain(each)]));
}
