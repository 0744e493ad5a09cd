// `pnpm proto`: writes the schema of proto/ from the tables.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { controlMessages } from './control.js';
import { protoFiles } from './proto-text.js';
import { rooms } from './rooms.js';

const root = join(__dirname, '..', '..', '..', 'proto');
for (const [path, text] of protoFiles(rooms, controlMessages)) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${path}\n`);
}
