import { shapeFlaw } from './shapes.js';
import { decodeJson } from './syntax.js';

describe('JSON as Go reads it', () => {
  it.each([
    ['', 'unexpected end of JSON input'], ['{', 'unexpected end of JSON input'],
    ['xx', "invalid character 'x' looking for beginning of value"],
    ['{bad', "invalid character 'b' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"], ['{"a":1 "b"',
      "invalid character '\"' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"], ['tru', 'unexpected end of JSON input'],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"], ['-x',
      "invalid character 'x' in numeric literal"],
    ['1 2', "invalid character '2' after top-level value"], ['"\\q"', "invalid character 'q' in string escape code"],
  ])('%s', (text, flaw) => {
    expect(decodeJson(text, true)).toEqual({ flaw });
  });

  it('takes the first value of a stream', () => {
    expect(decodeJson('{"a":1} {"x"', false)).toEqual({ value: { a: 1 } });
  });
});

describe('the types of a body', () => {
  it.each([
    ['ContainerConfigWrapper', [],
      'json: cannot unmarshal array into Go value of type runconfig.ContainerConfigWrapper'],
    ['ContainerConfigWrapper', { Image: 5 },
      'json: cannot unmarshal number into Go struct field ContainerConfigWrapper.Image of type string'],
    ['ContainerConfigWrapper', { Env: 'x' },
      'json: cannot unmarshal string into Go struct field ContainerConfigWrapper.Env of type []string'],
    ['ContainerConfigWrapper', { HostConfig: 5 },
      'json: cannot unmarshal number into Go struct field ContainerConfigWrapper.HostConfig of type '
        + 'container.HostConfig'],
    ['ContainerConfigWrapper', { HostConfig: { Memory: 'x' } },
      'json: cannot unmarshal string into Go struct field HostConfig.HostConfig.Memory of type int64'],
    ['NetworkCreateRequest', { Options: { a: 5 } },
      'json: cannot unmarshal number into Go struct field NetworkCreateRequest.Options of type string'],
    ['NetworkCreateRequest', 5, 'json: cannot unmarshal number into Go value of type types.NetworkCreateRequest'],
  ])('%s', (type, body, flaw) => {
    expect(shapeFlaw(body as never, type)).toBe(flaw);
  });

  it('lets through what fits, members that nobody knows, and nothing', () => {
    expect(shapeFlaw({ Image: 'busybox', Surprise: [1], HostConfig: { Memory: 7, Binds: null } },
      'ContainerConfigWrapper')).toBeUndefined();
  });
});
