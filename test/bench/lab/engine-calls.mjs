// An operator who creates and starts containers through the Engine API, some at a time, and counts the answers.

const NEVER = Number.MAX_SAFE_INTEGER;

export class ContainerMaker {
  /** `together`: how many containers are being made at any moment. */
  constructor(count, together) {
    this.count = count;
    this.begun = 0;
    this.started = 0;
    this.calls = 0;
    this.now = 0;
    this.waiting = [];
    /** What each call that has no answer yet was for. */
    this.open = new Map();
    for (let slot = 0; slot < together; slot++) this.create();
  }

  nextAt() {
    return this.waiting.length > 0 ? this.now : NEVER;
  }

  wakeAt() {
    return NEVER;
  }

  wake() {}

  take() {
    const orders = this.waiting.map((body) => ({ node: 0, at: this.now, body }));
    this.waiting = [];
    return orders;
  }

  observe(_node, { body }) {
    const kind = this.open.get(body.call);
    this.open.delete(body.call);
    if (body.status >= 300) throw new Error(`${kind}: ${body.status} ${JSON.stringify(body.body)}`);
    if (kind === 'create') {
      this.call('start', `/containers/${body.body.Id}/start`, {}, null);
    } else {
      this.started++;
      this.create();
    }
  }

  windowEnded(until) {
    this.now = until;
  }

  done() {
    return this.started >= this.count;
  }

  create() {
    if (this.begun >= this.count) return;
    const name = `c${++this.begun}`;
    this.call('create', '/containers/create', { name },
      { Image: 'busybox', Cmd: ['sleep', '1000000'], HostConfig: {} });
  }

  call(kind, path, query, body) {
    const call = ++this.calls;
    this.open.set(call, kind);
    this.waiting.push({ type: 'ApiCalled', call, line: '', request: { method: 'POST', path, query, body } });
  }
}
