// Who is spoken to, as subjects. The run's id stands in every one, so that runs on one server do not hear each other; a
// server's permissions can be cut along them: a node publishes `netreel.RUN.node.*.SELF.*` and hears
// `netreel.RUN.node.SELF.>`.

import { assert } from '@netreel/sim';

function word(text: string): string {
  assert(/^[A-Za-z0-9_-]+$/.test(text), `not a word of a subject: ${JSON.stringify(text)}`);
  return text;
}

/** Envelopes of one kind from `source` to `target`. */
export function envelopeSubject(run: string, target: string, source: string, kind: string): string {
  return `netreel.${word(run)}.node.${word(target)}.${word(source)}.${word(kind)}`;
}

/** All envelopes to `target`. */
export function envelopesFor(run: string, target: string): string {
  return `netreel.${word(run)}.node.${word(target)}.>`;
}

/** Control messages to `receiver`: a node, or `conductor`. */
export function controlSubject(run: string, receiver: string): string {
  return `netreel.${word(run)}.control.${word(receiver)}`;
}

/** All control messages of a run. */
export function allControl(run: string): string {
  return `netreel.${word(run)}.control.>`;
}

/** Whether `subject` is one of those that `pattern` means. */
export function matches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const words = subject.split('.');
  for (let place = 0; place < wanted.length; place++) {
    if (wanted[place] === '>') return words.length > place;
    if (place >= words.length || (wanted[place] !== '*' && wanted[place] !== words[place])) return false;
  }
  return words.length === wanted.length;
}
