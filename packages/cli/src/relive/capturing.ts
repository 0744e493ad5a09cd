// A run that is lived again, captured: all frames at all devices, or at those whose names fit.

import type { FrameBytes, LabSpec, SimTime } from '@netreel/sim';
import { type CapturedDevice, DeviceCapture, type Names } from '@netreel/views';
import { namesOf } from './onlookers.js';
import type { Recipe } from './recipe.js';
import { type Lived, type Onlooker, Reliving } from './relive.js';

export interface CaptureChoice {
  /** `HOST/DEVICE`, both with `*` for any letters; a device in a container is `eth0 of box`. */
  readonly devices: readonly string[];
  readonly from: SimTime;
  readonly to: SimTime;
}

/** Writes the capture block by block; how many frames there are in it. */
export function captureDevices(recipe: Recipe, choice: CaptureChoice, write: (block: Uint8Array) => void): number {
  const reliving = new Reliving(recipe);
  const capture = new DeviceCapture(write);
  const onlooker = new CapturingOnlooker(recipe.lab, namesOf(recipe.lab, reliving), choice, capture);
  reliving.watch(onlooker, choice.from);
  reliving.liveUntil(choice.to);
  capture.flush();
  return capture.packets;
}

class CapturingOnlooker implements Onlooker {
  /** By node and link; undefined for one that is not wanted. */
  private readonly known = new Map<string, CapturedDevice | undefined>();
  private readonly wanted: (name: string) => boolean;

  constructor(private readonly lab: LabSpec, private readonly names: (node: number) => Names,
    private readonly choice: CaptureChoice, private readonly capture: DeviceCapture) {
    const patterns = choice.devices.map((text) => new RegExp(`^${text.split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`));
    this.wanted = (name) => patterns.some((pattern) => pattern.test(name));
  }

  frame(node: number, direction: 'in' | 'out', link: Parameters<Onlooker['frame']>[2], frame: FrameBytes,
    { at }: Lived): void {
    const device = this.device(node, link);
    if (device !== undefined && at <= this.choice.to) this.capture.passed(device, direction, frame, at);
  }

  lost(node: number, where: string, reason: string, frame: FrameBytes | undefined, { at }: Lived): void {
    if (at > this.choice.to) return;
    const place = this.names(node).device(where);
    this.capture.lost(`lost at ${this.lab.nodes[node]!.name}, ${place}: ${reason}`,
      this.known.get(`${node} ${where}`), frame, at);
  }

  faulted(node: number, rule: string, target: number, frame: FrameBytes, { at }: Lived): void {
    if (at > this.choice.to) return;
    this.capture.lost(`lost on the wire to ${this.lab.nodes[target]!.name}: fault ${rule}`, undefined, frame, at);
  }

  private device(node: number, link: Parameters<Onlooker['frame']>[2]): CapturedDevice | undefined {
    const key = `${node} ${link.netns}/${link.name}`;
    if (!this.known.has(key)) {
      const name = `${this.lab.nodes[node]!.name}/${this.names(node).link(link.index)}`;
      this.known.set(key, !this.wanted(name) ? undefined
        : { key, name, description: `${link.kind} ${link.name} in namespace ${link.netns}`, mac: link.mac });
    }
    return this.known.get(key);
  }
}
