// Execs: what clients send, and what inspect shows.

import type { ExecRow, ExecSpec } from '@netreel/engine';
import { flagOf, textOf, textsOf, type JsonObject } from '../json.js';

/** Body of POST /containers/{id}/exec. */
export function execSpec(body: JsonObject): ExecSpec {
  return { cmd: textsOf(body, 'Cmd') ?? [], env: textsOf(body, 'Env') ?? [], workingDir: textOf(body, 'WorkingDir'),
    user: textOf(body, 'User'), tty: flagOf(body, 'Tty'), privileged: flagOf(body, 'Privileged'),
    attachStdin: flagOf(body, 'AttachStdin'), attachStdout: flagOf(body, 'AttachStdout'), attachStderr: flagOf(body,
      'AttachStderr') };
}

/** GET /exec/{id}/json. */
export function execShape(exec: ExecRow): JsonObject {
  const { spec } = exec;
  const [entrypoint = '', ...args] = spec.cmd;
  return {
    ID: exec.id, Running: exec.status === 'running', ExitCode: exec.status === 'ended' ? exec.exitCode : null,
    ProcessConfig: { tty: spec.tty, entrypoint, arguments: args, privileged: spec.privileged, user: spec.user },
    OpenStdin: spec.attachStdin, OpenStderr: spec.attachStderr, OpenStdout: spec.attachStdout, CanRemove: false,
    ContainerID: exec.container, DetachKeys: '', Pid: exec.pid,
  };
}
