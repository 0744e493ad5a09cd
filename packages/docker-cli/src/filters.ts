// `--filter` on its way to the engine.

/** `["name=a", "name=b"]` as the query text `{"name":{"a":true,"b":true}}`. */
export function filterQuery(typed: readonly string[]): { readonly filters?: string } {
  if (typed.length === 0) return {};
  const names = new Map<string, Set<string>>();
  for (const text of typed) {
    const at = text.indexOf('=');
    const name = text.slice(0, at);
    const values = names.get(name) ?? new Set<string>();
    names.set(name, values.add(text.slice(at + 1)));
  }
  // Written by hand, because an object would move names that look like numbers to the front.
  const inner = (values: ReadonlySet<string>): string =>
    `{${[...values].sort().map((value) => `${JSON.stringify(value)}:true`).join(',')}}`;
  const parts = [...names].sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => `${JSON.stringify(name)}:${inner(values)}`);
  return { filters: `{${parts.join(',')}}` };
}
