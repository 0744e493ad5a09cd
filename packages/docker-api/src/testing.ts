// A client of one engine's API, for the tests of this room. Not exported.

import { assert, type Json, type Operation } from '@netreel/sim';
import { TestHost } from '@netreel/engine';
import { PatientCall } from './call.js';
import { DockerApi } from './docker-api.js';
import type { ApiAnswer, ApiRequest } from './http.js';

/** Sends requests to the API of an engine on a host of make-believe. */
export class Client {
  private readonly api: DockerApi;

  constructor(readonly host = new TestHost()) {
    this.api = new DockerApi(host.engine);
  }

  send(method: ApiRequest['method'], target: string, body: Json = null): ApiAnswer {
    return this.host.ask(this.whole(request(method, target, body)));
  }

  begin(method: ApiRequest['method'], target: string, body: Json = null) {
    return this.host.begin(this.whole(request(method, target, body)));
  }

  private *whole(asked: ApiRequest): Operation<ApiAnswer> {
    const call = new PatientCall();
    const answer = yield* this.api.handle(asked, call);
    return call.head === undefined ? answer : { ...answer, output: call.output };
  }

  /** The document of a GET; tests know what is in it. */
  get(target: string): any {
    return this.send('GET', target).body;
  }

  network(name: string, rest: { readonly [key: string]: Json } = {}): string {
    return idOf(this.send('POST', '/networks/create', { CheckDuplicate: true, Driver: 'bridge', Name: name,
      Options: {}, Labels: {},
      IPAM: { Driver: 'default', Options: {}, Config: [] }, ...rest }));
  }

  create(name: string, rest: { readonly [key: string]: Json } = {}): string {
    return idOf(this.send('POST', `/containers/create?name=${name}`, { Image: 'busybox', ...rest }));
  }

  run(name: string, rest: { readonly [key: string]: Json } = {}): string {
    const id = this.create(name, rest);
    const { status, body } = this.send('POST', `/containers/${id}/start`);
    assert(status === 204, `start answered ${status} ${JSON.stringify(body)}`);
    return id;
  }
}

/** A request from the line that a client would send. */
export function request(method: ApiRequest['method'], target: string, body: Json): ApiRequest {
  const [path = '', query = ''] = target.split('?');
  return { method, path, body, query: Object.fromEntries(query.split('&').filter((part) => part !== '').map((part) => {
    const equals = part.indexOf('=');
    return [part.slice(0, equals), decodeURIComponent(part.slice(equals + 1))];
  })) };
}

/** The id that a creation answered. */
export function idOf(answer: ApiAnswer): string {
  return (answer.body as { Id: string }).Id;
}

/** The `filters` parameter. */
export const filters = (value: Json): string => `filters=${encodeURIComponent(JSON.stringify(value))}`;

/** Settings of a container on `network`. */
export const on = (network: string): { [key: string]: Json } => ({ HostConfig: { NetworkMode: network },
  NetworkingConfig: { EndpointsConfig: { [network]: {} } } });
