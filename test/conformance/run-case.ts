// Runs a case on a fresh lab and tells where its outputs differ from the recorded ones.

import { TestLab, labOf } from '@netreel/testkit';
import type { CommandResult } from '@netreel/world';
import type { Case, CaseStep } from './case-file.js';
import { complaint } from './complaint.js';
import { Normaliser } from './normalise.js';
import { Typist } from './typist.js';

const PAUSE_NS = 10_000_000;
const RETRY_NS = 100_000_000;
const SECOND = 1_000_000_000;

/** A paragraph for each step that came out otherwise than recorded. */
export function runCase(recorded: Case): string[] {
  const lab = new TestLab(labOf(recorded.hosts, 1, false));
  formSwarm(lab, recorded.swarm);
  const { Version: version } = lab.api('host1', 'GET', '/version').body as { Version: string };
  const normaliser = new Normaliser(recorded.steps.map(({ command }) => command),
    { ...recorded, swarm: recorded.swarm > 0, version });
  return recorded.steps.flatMap((step) => {
    const result = type(lab, step);
    lab.wait(PAUSE_NS);
    const [stdout, stderr] = [normaliser.lines(result.stdout), normaliser.lines(result.stderr)];
    return complaint(step, { stdout, stderr, exit: result.exit });
  });
}

/** A swarm of so many hosts, as the recording's runner forms it: host1 is the manager. */
function formSwarm(lab: TestLab, hosts: number): void {
  for (let number = 1; number <= hosts; number++) {
    const line = number === 1 ? 'docker swarm init --advertise-addr 192.168.65.11'
      : 'docker swarm join --token $(docker -H $HOST1 swarm join-token -q worker) 192.168.65.11:2377';
    const result = new Typist(lab, `host${number}`).type(line);
    if (result.exit !== 0) throw new Error(`host${number} is in no swarm: ${result.stderr}`);
  }
}

/** Types a line, again and again while it has to show something that is not there yet. */
function type(lab: TestLab, { host, command, until }: CaseStep): CommandResult {
  const typist = new Typist(lab, host);
  const limit = lab.now + (until?.seconds ?? 0) * SECOND;
  for (;;) {
    const result = typist.type(command);
    if (until === undefined || until.pattern.test(result.stdout) || lab.now >= limit) return result;
    lab.wait(RETRY_NS);
  }
}
