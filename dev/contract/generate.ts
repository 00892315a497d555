/** The second half of `npm run generate`: writes contract.schema.json from the types and rules in src. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { contractSchema } from './contract-schema';

const target = resolve(__dirname, '../../contract.schema.json');
writeFileSync(target, `${JSON.stringify(contractSchema(), null, 2)}\n`);
console.log(`Wrote ${target}`);
