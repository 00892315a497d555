/** The second half of `npm run generate`: writes contract.schema.json from the types and rules in src; with `--check` it compares it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { contractText } from './contract-schema';

const target = resolve(__dirname, '../../contract.schema.json');
if (!process.argv.includes('--check')) {
  writeFileSync(target, contractText());
  console.log(`Wrote ${target}`);
} else if (readFileSync(target, 'utf8') !== contractText()) {
  console.error(
    `${target} is not what \`npm run generate\` makes: the contract has changed. Run it, and look at the difference.`,
  );
  process.exitCode = 1;
}
