// Servers for tests, each with a folder of its own; tests that need one say so and are skipped where there is none.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer, startServer, type RunningServer, type ServerKind, type ServerOptions } from '../src/index.js';

export interface TestServer {
  server: RunningServer;
  readonly dataDir: string;
  /** Starts it again on the same port and folder, after it was stopped or killed. */
  again(): Promise<void>;
  /** Ends it and removes its folder. */
  end(): Promise<void>;
}

/** `describe`, or a skipped one with a note when the server's program is missing. */
export function describeWith(kind: ServerKind, name: string, body: () => void): void {
  if (findServer(kind) !== undefined) describe(name, body);
  else describe.skip(`${name} (no ${kind}-server on this machine)`, body);
}

export async function testServer(kind: ServerKind, options: Omit<ServerOptions, 'dataDir'> = {}): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), `netreel-${kind}-`));
  const start = async (port?: number): Promise<RunningServer> => {
    const started = await startServer(kind, { ...options, dataDir, ...(port === undefined ? {} : { port }) });
    if (!started.ok) throw new Error(started.message);
    return started.server;
  };
  const test: TestServer = {
    server: await start(), dataDir,
    again: async () => { test.server = await start(test.server.port); },
    end: async () => {
      await test.server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return test;
}
