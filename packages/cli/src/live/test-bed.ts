// The lab that comes up where no file says another one.

import type { Scenario } from '@netreel/world';
import { readScenario } from '../scenario/read.js';

/** host1, host2 … on one underlay, with the router and what lies outside of it. */
export function testBed(hosts: number, seed?: number): Scenario {
  const names = Array.from({ length: hosts }, (_, index) => `host${index + 1}`);
  const text = `name: lab\nhosts: { ${names.map((name) => `${name}: {}`).join(', ')} }\n`;
  const scenario = readScenario('lab', text, seed);
  // Real engines span hosts once they form a swarm, and not before: there is no coordinator.
  const nodes = scenario.lab.nodes.filter(({ kind }) => kind !== 'overlay');
  return { ...scenario, lab: { ...scenario.lab, nodes } };
}
