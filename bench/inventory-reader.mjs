/** Reads the files that are named, as the command `import` does, and prints what it took: in a process of its own, in which nothing else takes memory. */
import { createReadStream, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';
import smallHeap from '../lib/cli/small-heap.js';
import inventory from '../lib/inventory/index.js';

// As the command does.
smallHeap.keepHeapSmall();
const begun = process.hrtime.bigint();
const { files, servers, problems } = await inventory.readInventory(
  process.argv.slice(2).map((path) => ({ name: basename(path), open: () => createReadStream(path) })),
);
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
const { user, system } = process.cpuUsage();
process.stdout.write(
  JSON.stringify({
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    joined: servers.filter(({ resourceAttributes, from }) => resourceAttributes.length === 7 && from.length === 2)
      .length,
    problems: problems.length,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMb: Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? NaN) / 1024,
  }),
);
