import { readTarget } from './target.js';

describe('the target of a request', () => {
  it('has a version or none, and decoded segments', () => {
    expect(readTarget('/v1.24/containers/json?all=1&name=a%20b', '1.41')).toEqual({ path: '/containers/json',
      version: '1.24', query: { all: '1', name: 'a b' }, repeated: {} });
    expect(readTarget('/_ping', '1.41')).toMatchObject({ path: '/_ping', version: '' });
    expect(readTarget('/images/a%2Fb/json', '1.41')).toMatchObject({ path: '/images/a/b/json' });
  });

  it('keeps all values of a parameter that stands twice, the first of them in front', () => {
    expect(readTarget('/build?t=a&t=b', '1.41')).toMatchObject({ query: { t: 'a' }, repeated: { t: ['a', 'b'] } });
  });

  it('is refused in Docker\'s words when its version is too new or too old', () => {
    expect(readTarget('/v1.99/info', '1.41')).toEqual({ status: 400,
      message: 'client version 1.99 is too new. Maximum supported API version is 1.41' });
    expect(readTarget('/v1.5/info', '1.41')).toEqual({ status: 400, message: 'client version 1.5 is too old. ' +
      'Minimum supported API version is 1.12, please upgrade your client to a newer version' });
    expect(readTarget('/v1.47/info', '1.47')).toMatchObject({ version: '1.47' });
  });

  it('is sent elsewhere when it plays tricks', () => {
    expect(readTarget('/v1.41//containers/../info?x=1', '1.41')).toEqual({ status: 301,
      location: '/v1.41/info?x=1' });
    expect(readTarget('/../../etc/passwd', '1.41')).toEqual({ status: 301, location: '/etc/passwd' });
  });
});
