// All that can be asked of an engine about building: Dockerfiles, and the changes that commit and import make.

import type { Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import type { Files } from '../file/files.js';
import type { Images } from '../image/images.js';
import type { ImageConfig } from '../image/row.js';
import { refuse, type Refusal } from '../refusal.js';
import { Build, type BuildRequest, type BuildResult, type Tell } from './build.js';
import { instructionFlaw } from './check.js';
import { configStep, workdirOf } from './config-step.js';
import { isFlaw, readInstruction } from './parse.js';
import { plan } from './plan.js';

/** What `-c` of docker commit may change. */
const CHANGES: ReadonlySet<string> = new Set(['CMD', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'ONBUILD',
  'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR']);

export class Builds {
  constructor(private readonly core: EngineCore, private readonly images: Images, private readonly files: Files) {}

  /** Builds an image, telling what happens; a refusal when it cannot begin. */
  *build(request: BuildRequest, tell: Tell): Operation<BuildResult | Refusal> {
    const stages = plan(request);
    if (isFlaw(stages)) return refuse('InvalidParameter', stages.flaw);
    return yield* new Build(this.core, this.images, this.files, request, tell).run(stages);
  }

  /** A container's settings after some instructions. */
  changed(config: ImageConfig, lines: readonly string[]): ImageConfig | Refusal {
    let current = config;
    for (const [place, line] of lines.entries()) {
      const instruction = readInstruction(line, place + 1, place + 1);
      if (isFlaw(instruction)) return refuse('InvalidParameter', instruction.flaw);
      if (!CHANGES.has(instruction.keyword)) {
        return refuse('InvalidParameter', `${instruction.keyword.toLowerCase()} is not a valid change command`);
      }
      const flaw = instructionFlaw(instruction);
      if (flaw !== undefined) return refuse('InvalidParameter', flaw.flaw);
      const variables = new Map((current.Env ?? []).map((entry) => [entry.slice(0, entry.indexOf('=')),
        entry.slice(entry.indexOf('=') + 1)]));
      const step = instruction.keyword === 'WORKDIR'
        ? { config: { ...current, WorkingDir: workdirOf(instruction.rest.trim(), current) } }
        : configStep(instruction, current, variables);
      if (isFlaw(step)) return refuse('InvalidParameter', step.flaw);
      current = step?.config ?? current;
    }
    return current;
  }
}
