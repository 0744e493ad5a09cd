// A route: a method, a path with one place to fill in, and what answers it.

import type { ApiRequest } from './http.js';

/** One line of a table of routes. `{id}` takes one segment, `{name}` may take several. */
export interface Route<Answer> {
  readonly method: ApiRequest['method'];
  readonly path: string;
  readonly answer: Answer;
}

interface Compiled<Answer> {
  readonly method: ApiRequest['method'];
  readonly pattern: RegExp;
  readonly answer: Answer;
}

/** Finds the route of a request. */
export class RouteTable<Answer> {
  private readonly routes: readonly Compiled<Answer>[];

  constructor(routes: readonly Route<Answer>[]) {
    this.routes = routes.map(({ method, path, answer }) =>
      ({ method, answer, pattern: new RegExp(`^${path.replace('{id}', '([^/]+)').replace('{name}', '(.+)')}$`) }));
  }

  /** The first route that fits, and what filled its place. */
  find(request: ApiRequest): { readonly answer: Answer; readonly reference: string } | undefined {
    for (const { method, pattern, answer } of this.routes) {
      if (method !== request.method) continue;
      const match = pattern.exec(request.path);
      if (match !== null) return { answer, reference: match[1] ?? '' };
    }
    return undefined;
  }
}
