// The lab that is up, for commands that need one.

import { EXIT, UserFault } from '../fault.js';
import type { Places } from '../places.js';
import { askControl } from './control.js';
import { type LabState, readState, removeState } from './places.js';

/** The lab that is up; what a killed one left behind is noticed, told of and taken away. */
export async function findLab(places: Places, notice: (text: string) => void): Promise<LabState | undefined> {
  const state = readState(places);
  if (state === undefined) return undefined;
  if (await askControl(state.control, { do: 'state' }) !== undefined) return state;
  removeState(places, state);
  notice(`the lab that was up (${state.run}) was killed; its history is kept`);
  return undefined;
}

export async function mustFindLab(places: Places, notice: (text: string) => void): Promise<LabState> {
  const state = await findLab(places, notice);
  if (state === undefined) throw new UserFault(EXIT.missing, 'no lab is up; `netreel up --detach` starts one');
  return state;
}

/** The DOCKER_HOST of a host of the lab. */
export function addressOf(state: LabState, host: string): string {
  const address = state.hosts[host];
  if (address !== undefined) return address;
  throw new UserFault(EXIT.missing, `no host ${host} in this lab; there are ${Object.keys(state.hosts).join(', ')}`);
}
