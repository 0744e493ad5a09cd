import type { ApiAnswer, ApiCall, ApiRequest, CallInput, DockerApi } from '@netreel/docker-api';
import { type AnyRecord, type Operation, suspended } from '@netreel/sim';
import { ApiSide } from './api-side.js';

const REQUEST: ApiRequest = { method: 'POST', path: '/exec/e/start', query: {}, body: null };
const END: ApiAnswer = { status: 200, body: null };

/** An API whose every call is answered by `answer`. */
function sideOf(answer: (call: ApiCall) => Operation<ApiAnswer>): { side: ApiSide; events: AnyRecord[] } {
  const events: AnyRecord[] = [];
  const api = { handle: (_request: ApiRequest, call: ApiCall) => answer(call) } as unknown as DockerApi;
  return { side: new ApiSide(api, (event) => events.push(event)), events };
}

const types = (events: readonly AnyRecord[]): string[] => events.map((event) => event.type);

describe('a call that is answered in pieces', () => {
  it('leaves its head, its pieces and its end as events', () => {
    const { side, events } = sideOf(function* (call) {
      call.begin({ status: 200, framing: 'frames', duplex: false, type: '' });
      call.write('stderr', 'oops');
      call.write('stdout', '');
      return END;
    });
    side.called(7, REQUEST);
    expect(events).toMatchObject([{ type: 'ApiBegun', call: 7, framing: 'frames' },
      { type: 'ApiStreamed', call: 7, stream: 'stderr', text: 'oops' }, { type: 'ApiAnswered', call: 7 }]);
  });

  it('gets what was sent before it listened', () => {
    const heard: string[] = [];
    const input: CallInput = { given: (text) => heard.push(text), ended: () => heard.push('end') };
    let go: (value: undefined) => void = () => undefined;
    const { side } = sideOf(function* (call) {
      yield* suspended<undefined>((resume) => { go = resume; });
      call.listen(input);
      return END;
    });
    side.called(1, REQUEST);
    side.given(1, 'a');
    side.inputEnded(1);
    expect(heard).toEqual([]);
    go(undefined);
    expect(heard).toEqual(['a', 'end']);
    side.given(1, 'after its end');
    expect(heard).toEqual(['a', 'end']);
  });

  it('is abandoned with its client once it has begun, and not before', () => {
    let ended = 0;
    const answer = (begins: boolean) => function* (call: ApiCall): Operation<ApiAnswer> {
      if (begins) call.begin({ status: 200, framing: 'bytes', duplex: true, type: '' });
      try {
        yield* suspended<undefined>(() => undefined);
      } finally {
        ended++;
      }
      return END;
    };
    const streaming = sideOf(answer(true));
    streaming.side.called(1, REQUEST);
    streaming.side.abandoned(1);
    expect(ended).toBe(1);
    expect(types(streaming.events)).toEqual(['ApiBegun']);
    const plain = sideOf(answer(false));
    plain.side.called(1, REQUEST);
    plain.side.abandoned(1);
    expect(ended).toBe(1);
  });
});
