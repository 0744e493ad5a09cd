// What the filter table said of one direction of a flow. All that a rule may ask of a packet (addresses, ports, links,
// the flow's state) is the same for each of its packets, so the answer holds until rules, links or addresses change.

import type { LinkRow } from '../tables.js';
import type { FlowMatchState } from './tables.js';

export class KeptVerdict {
  private chain = '';
  private inLink: LinkRow | undefined = undefined;
  private outLink: LinkRow | undefined = undefined;
  private state: FlowMatchState = 'INVALID';
  private rulesVersion = -1;
  private linksVersion = -1;
  admits = false;

  /** Whether `admits` is about such a packet. */
  isAbout(chain: string, inLink: LinkRow | undefined, outLink: LinkRow | undefined, state: FlowMatchState,
    rulesVersion: number, linksVersion: number): boolean {
    return this.rulesVersion === rulesVersion && this.linksVersion === linksVersion && this.inLink === inLink
      && this.outLink === outLink && this.state === state && this.chain === chain;
  }

  keep(admits: boolean, chain: string, inLink: LinkRow | undefined, outLink: LinkRow | undefined, state: FlowMatchState,
    rulesVersion: number, linksVersion: number): boolean {
    this.admits = admits;
    this.chain = chain;
    this.inLink = inLink;
    this.outLink = outLink;
    this.state = state;
    this.rulesVersion = rulesVersion;
    this.linksVersion = linksVersion;
    return admits;
  }
}
