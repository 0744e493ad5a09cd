// What each step showed, as it happens: its title, the command, what came out, whether it was as expected.

import { formatTime } from '@netreel/sim';
import type { StepResult } from '@netreel/world';

/** Lines of a command's output that are shown; the history has them all. */
const LINES_SHOWN = 10;

export interface StepPrinter {
  result(result: StepResult): void;
  notice(text: string): void;
}

/** Prints to `write`; `colour` for terminals. `steps`: how many there are in all. */
export function stepPrinter(write: (text: string) => void, colour: boolean, steps: number): StepPrinter {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    result(result) {
      const { step } = result;
      const held = result.complaints.length === 0;
      const place = `${String(result.index + 1).padStart(String(steps).length)}/${steps}`;
      const at = formatTime(result.endedAt).padStart(13);
      if (step.title !== '') write(`\n${paint(1, step.title)}\n`);
      const mark = held ? paint(32, '✓') : paint(31, '✗');
      write(`${mark} ${paint(2, `${place} ${at}`)}  ${headline(result)}\n`);
      if (step.kind === 'command') for (const line of shown(result)) write(`      ${paint(2, line)}\n`);
      for (const complaint of result.complaints) write(`      ${paint(31, complaint)}\n`);
    },
    notice: (text) => write(`${paint(33, `! ${text}`)}\n`),
  };
}

function headline(result: StepResult): string {
  const { step } = result;
  switch (step.kind) {
    case 'command': return `${step.host} $ ${step.command}${step.background ? ' &' : ''}`;
    case 'fault':
      return `fault: ${step.rules.map((rule) =>
        `${rule.from.join(',') || 'all'} to ${rule.to.join(',') || 'all'} ${rule.action}`).join('; ')}${
        step.forNs === undefined ? '' : `, for ${formatTime(step.forNs)}`}`;
    case 'lift': return `lift: ${step.ids.join(', ')}`;
    case 'wait': return `wait: ${formatTime(step.ns)}`;
  }
}

function shown({ stdout, stderr, exit }: StepResult): string[] {
  const lines = [...textLines(stdout), ...textLines(stderr)];
  // An id alone tells nobody anything.
  const telling = lines.filter((line) => !/^[0-9a-f]{64}$|^[0-9a-z]{25}$/.test(line));
  const cut = telling.length > LINES_SHOWN
    ? [...telling.slice(0, LINES_SHOWN), `… ${telling.length - LINES_SHOWN} more lines`] : telling;
  return exit > 0 ? [...cut, `exit status ${exit}`] : cut;
}

function textLines(text: string): string[] {
  return text.split('\n').map((line) => line.trimEnd()).filter((line) => line !== '');
}
