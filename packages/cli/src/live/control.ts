// Orders to a live lab from other netreel commands: a line of JSON there and one back, over a socket of its own.

import { createConnection, createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';

/** What a lab can be asked. */
export type ControlOrder =
  | { readonly do: 'state' }
  | { readonly do: 'down' }
  | { readonly do: 'reset' }
  | { readonly do: 'step'; readonly windows: number };

export interface ControlAnswer {
  readonly ok: boolean;
  /** Why not, or what was done. */
  readonly text: string;
}

export function serveControl(path: string, carryOut: (order: ControlOrder) => Promise<ControlAnswer>): Promise<Server> {
  const server = createServer((connection) => {
    connection.on('error', () => connection.destroy());
    createInterface({ input: connection }).on('line', (line) => {
      let order: ControlOrder;
      try {
        order = JSON.parse(line) as ControlOrder;
      } catch {
        connection.end(`${JSON.stringify({ ok: false, text: 'that is no order' })}\n`);
        return;
      }
      carryOut(order).catch((error: Error): ControlAnswer => ({ ok: false, text: error.message }))
        .then((answer) => connection.end(`${JSON.stringify(answer)}\n`));
    });
  });
  const mask = process.umask(0o117);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
    process.umask(mask);
  });
}

/** The lab's answer; undefined when there is no lab at that socket. */
export function askControl(path: string, order: ControlOrder): Promise<ControlAnswer | undefined> {
  return new Promise((resolve) => {
    const connection = createConnection(path);
    let text = '';
    connection.on('connect', () => connection.write(`${JSON.stringify(order)}\n`));
    connection.on('data', (bytes) => { text += bytes.toString(); });
    connection.on('error', () => resolve(undefined));
    connection.on('close', () => resolve(text === '' ? undefined : JSON.parse(text) as ControlAnswer));
  });
}
