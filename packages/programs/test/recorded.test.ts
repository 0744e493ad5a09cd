// What the real programs printed for these commands, recorded by record.mjs, one file a family.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MILLISECOND, SECOND } from '@netreel/sim';
import { type ProgramsUnderTest, alone } from '../src/testing.js';

interface Recorded { readonly command: string; readonly stdout: string; readonly stderr: string;
  readonly exitCode: number }

const FOLDER = join(__dirname, 'recorded');

function read(file: string): { readonly packages: readonly string[]; readonly cases: Recorded[] } {
  const cases: { command: string; stdout: string; stderr: string; exitCode: number }[] = [];
  let packages: readonly string[] = [];
  for (const line of readFileSync(join(FOLDER, file), 'utf8').split('\n')) {
    const last = cases.at(-1);
    const [, mark, end, text] = /^([$>!?])(\|?) ?(.*)$/.exec(line) ?? [];
    const piece = `${text ?? ''}${end === '|' ? '' : '\n'}`;
    if (line.startsWith('# packages: ')) packages = line.slice(12).split(' ');
    if (mark === '$') cases.push({ command: text!, stdout: '', stderr: '', exitCode: 0 });
    else if (mark === '>') last!.stdout += piece;
    else if (mark === '!') last!.stderr += piece;
    else if (mark === '?') last!.exitCode = Number(text);
  }
  return { packages, cases };
}

describe.each(readdirSync(FOLDER).filter((file) => file.endsWith('.case')))('%s', (file) => {
  let lab: ProgramsUnderTest;
  const { packages, cases } = read(file);
  beforeAll(() => {
    lab = alone();
    lab.files.makeFolder('/tmp/work');
  });

  for (const { command, stdout, stderr, exitCode } of cases) it(command, () => {
    const ran = lab.start('alone', ['sh', '-c', command], { workdir: '/tmp/work', packages });
    // In small steps, so that what is short takes little time.
    for (let passed = 0; ran.exitCode === undefined && passed < 600; passed++)
      lab.pass(passed < 10 ? MILLISECOND : SECOND);
    expect({ stdout: ran.stdout, stderr: ran.stderr, exitCode: ran.exitCode }).toEqual({ stdout, stderr, exitCode });
  });
});
