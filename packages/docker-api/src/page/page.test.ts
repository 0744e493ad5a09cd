import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiPage, isAnswered, unlisted } from './page.js';
import { SPEC } from './spec.js';

const PAGE = join(__dirname, '../../../../docs/api.md');

describe('the page of all routes', () => {
  it('names every route that is answered', () => {
    expect(unlisted()).toEqual([]);
  });

  it('has each route once', () => {
    const routes = SPEC.map(({ method, path }) => `${method} ${path}`);
    expect(routes.filter((route, place) => routes.indexOf(route) !== place)).toEqual([]);
  });

  it('refuses only with an answer', () => {
    expect(SPEC.filter((route) => route.verdict === 'refused' && !isAnswered(route)).map(({ path }) => path)
      .filter((path) => !path.endsWith('/push'))).toEqual([]);
  });

  it('is what docs/api.md says (WRITE_API_PAGE=1 writes it)', () => {
    if (process.env['WRITE_API_PAGE'] !== undefined) writeFileSync(PAGE, apiPage());
    expect(readFileSync(PAGE, 'utf8')).toBe(apiPage());
  });
});
