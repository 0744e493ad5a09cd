// What comes to a host from outside, what it answers, and what leaves it over the underlay. Numbers 16 to 39.

import { defineRecords, type RecordOf } from '@netreel/sim';

/** Inputs: recorded before they act, enough to live the run again. */
export const hostInputs = defineRecords({
  /** A call of the Docker Engine API. `request`: ApiRequest. `line`: the command line it belongs to, for readers. */
  ApiCalled: { number: 16, fields: { call: 'int', line: 'text', request: 'json' } },
  /** A shell line typed on the host itself. */
  HostCommanded: { number: 17, fields: { call: 'int', line: 'text' } },
  /** A signal to the program of a HostCommanded (Ctrl-C of a capture in the background). */
  HostInterrupted: { number: 18, fields: { call: 'int', signal: 'text' } },
  /** `rule`: FaultRule. Takes effect on what this node sends from now on. */
  FaultOrdered: { number: 19, fields: { rule: 'json' } },
  FaultLifted: { number: 20, fields: { id: 'text' } },
  /** What a client sends in a call that is under way: standard input of attach and exec. */
  ApiInputGiven: { number: 21, fields: { call: 'int', text: 'text' } },
  /** It sends nothing more, but still reads. */
  ApiInputEnded: { number: 22, fields: { call: 'int' } },
  /** The client went away before its call was answered. */
  ApiAbandoned: { number: 23, fields: { call: 'int' } },
});

/** Events of the host itself, beside those of its kernel, engine and overlay agent. */
export const hostEvents = defineRecords({
  /** `output`: OutputChunk[] of attached streams. `content`: RawContent, or null. `headers`: name to value, or null. */
  ApiAnswered: { number: 24, fields: { call: 'int', status: 'int', body: 'json', output: 'json', content: 'json',
    headers: 'json' } },
  HostCommandEnded: { number: 25, fields: { call: 'int', exitCode: 'int', stdout: 'text', stderr: 'text' } },
  FaultAdded: { number: 26, fields: { rule: 'json' } },
  FaultRemoved: { number: 27, fields: { id: 'text' } },
  /** The head of an answer that comes in pieces, an AnswerHead; ApiAnswered is its end. */
  ApiBegun: { number: 28, fields: { call: 'int', status: 'int', framing: 'text', duplex: 'flag', media: 'text' } },
  /** A piece of it. */
  ApiStreamed: { number: 29, fields: { call: 'int', stream: 'text', text: 'text' } },
});

/** Bodies of envelopes. */
export const underlayMessages = defineRecords({
  /** An Ethernet frame on the underlay's wire. */
  FrameCrossed: { number: 30, fields: { frame: 'frame' } },
});

export type HostInput = RecordOf<typeof hostInputs>;
export type HostEvent = RecordOf<typeof hostEvents>;
export type UnderlayMessage = RecordOf<typeof underlayMessages>;
