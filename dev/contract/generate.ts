/** The second half of `npm run generate`: writes contract.schema.json from the types and rules in src. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { contractText } from './contract-schema';

const target = resolve(__dirname, '../../contract.schema.json');
writeFileSync(target, contractText());
console.log(`Wrote ${target}`);
