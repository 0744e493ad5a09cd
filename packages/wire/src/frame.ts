// Frames live in slots that are used again and again: a new byte array per frame costs more than all else that is
// done to it. In front of the bytes lies headroom, so that a tunnel prepends its headers in place, as Linux does in an
// sk_buff.

/** Where a frame's bytes are. Structurally what a history record stores. */
export interface FrameRange {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Room for the outer headers of a tunnel: Ethernet 14, IPv4 20, UDP 8, VXLAN 8, and some for options. */
export const HEADROOM = 64;

const SMALL_SLOT_BYTES = 2 * 1024;
/** An IPv4 datagram of 65535 bytes, its Ethernet header and headroom. */
const LARGE_SLOT_BYTES = 66 * 1024;
/** Small slots are cut from slabs, because one large array costs hardly more than one small one. */
const SLOTS_PER_SLAB = 64;

/** A frame in a slot: the bytes from `start` to `end` of `buffer`. It belongs to whoever took it, until released. */
export class Frame {
  start = 0;
  end = 0;
  /** Whether it is taken. Kept by the pool. */
  taken = false;
  /**
   * The transport checksum of this datagram was written here, and no byte that it covers has changed since: a test
   * would find nothing. Whoever changes one sets this false. Bytes that came from elsewhere start with false.
   */
  summed = false;

  constructor(readonly buffer: Uint8Array) {}

  get length(): number {
    return this.end - this.start;
  }

  /** A view of the bytes; valid until the frame is released. */
  bytes(): Uint8Array {
    return this.buffer.subarray(this.start, this.end);
  }
}

/** The slots of one node. A fresh frame holds whatever its slot held before: writers fill every byte. */
export class FramePool {
  readonly #small: Frame[] = [];
  readonly #large: Frame[] = [];
  #taken = 0;

  /** Frames that are in use. */
  get taken(): number {
    return this.#taken;
  }

  /** Slots that wait for use. */
  get free(): number {
    return this.#small.length + this.#large.length;
  }

  /** A frame of `sizeBytes` with `headroom` bytes free in front of it. */
  take(sizeBytes: number, headroom: number = HEADROOM): Frame {
    const needed = headroom + sizeBytes;
    let frame: Frame;
    if (needed <= SMALL_SLOT_BYTES) {
      if (this.#small.length === 0) this.#addSlab();
      frame = this.#small.pop()!;
    } else {
      if (needed > LARGE_SLOT_BYTES) throw new Error(`no slot holds a frame of ${sizeBytes} bytes`);
      frame = this.#large.pop() ?? new Frame(new Uint8Array(LARGE_SLOT_BYTES));
    }
    frame.start = headroom;
    frame.end = needed;
    frame.taken = true;
    frame.summed = false;
    this.#taken++;
    return frame;
  }

  /** Gives the slot back. The frame must not be touched any more. */
  release(frame: Frame): void {
    if (!frame.taken) throw new Error('a frame was released twice');
    frame.taken = false;
    // Whoever still looks at it sees an empty frame instead of somebody else's bytes.
    frame.start = 0;
    frame.end = 0;
    this.#taken--;
    (frame.buffer.length === SMALL_SLOT_BYTES ? this.#small : this.#large).push(frame);
  }

  /** A second frame with the same bytes, such as a bridge needs when it floods. */
  copy(frame: Frame): Frame {
    const second = this.adopt(frame);
    second.summed = frame.summed;
    return second;
  }

  /** A frame with a copy of bytes that came from elsewhere. */
  adopt(range: FrameRange): Frame {
    const frame = this.take(range.end - range.start);
    frame.buffer.set(range.buffer.subarray(range.start, range.end), frame.start);
    return frame;
  }

  #addSlab(): void {
    const slab = new Uint8Array(SLOTS_PER_SLAB * SMALL_SLOT_BYTES);
    for (let slot = SLOTS_PER_SLAB - 1; slot >= 0; slot--) {
      this.#small.push(new Frame(slab.subarray(slot * SMALL_SLOT_BYTES, (slot + 1) * SMALL_SLOT_BYTES)));
    }
  }
}
