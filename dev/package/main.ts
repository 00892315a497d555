import { parseArgs } from 'node:util';
import { Place } from './place';
import type { Row } from './row';
import { BUNDLER_ROWS } from './rows/bundlers';
import { DEV_ROWS } from './rows/dev';
import { INSTALLER_ROWS } from './rows/installers';
import { MODULE_ROWS } from './rows/modules';
import { QUICK_START_ROWS } from './rows/quick-start';
import { SDK_ROWS } from './rows/sdk-versions';

const ROWS = [...MODULE_ROWS, ...QUICK_START_ROWS, ...DEV_ROWS, ...INSTALLER_ROWS, ...BUNDLER_ROWS, ...SDK_ROWS];
const USAGE = `npm run test:package -- [--short] [--only NAME,NAME]
  installs what would be published into projects of many kinds, and uses it there
  --short  those with a *; they share one npm install
  --only   rows whose name has one of these parts
${ROWS.map(({ name, inShort }) => `  ${inShort ? '*' : ' '} ${name}`).join('\n')}
`;

function chosen(): Row[] {
  const { values } = parseArgs({
    options: { short: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return [];
  const parts = values.only?.toLowerCase().split(',');
  return ROWS.filter(({ name, inShort }) =>
    parts ? parts.some((part) => name.toLowerCase().includes(part)) : inShort || !values.short,
  );
}

async function main(): Promise<void> {
  const rows = chosen();
  if (rows.length === 0) {
    process.stdout.write(USAGE);
    return;
  }
  const place = await Place.prepare();
  const width = Math.max(...rows.map(({ name }) => name.length));
  let bad = 0;
  try {
    for (const { name, run } of rows) {
      const began = performance.now();
      const [verdict, note] = await run(place).then(
        (note) => ['good', note] as const,
        (error: Error) => ['BAD', error.message] as const,
      );
      if (verdict !== 'good') bad++;
      const seconds = String(Math.round((performance.now() - began) / 1000)).padStart(4);
      process.stdout.write(`${name.padEnd(width)}  ${verdict.padEnd(4)}  ${seconds} s  ${note}\n`);
    }
  } finally {
    await place.leave();
  }
  process.stdout.write(`${rows.length - bad} good, ${bad} bad\n`);
  if (bad > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
