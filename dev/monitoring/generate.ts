/** `npm run monitoring`: writes the alert rules and the dashboard under deploy/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FILES } from './files';

for (const [file, make] of Object.entries(FILES)) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, make());
  console.log(`Wrote ${file}`);
}
