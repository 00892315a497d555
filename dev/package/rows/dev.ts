import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row';

const PORTS = ['--temporal-port', '0', '--ui-port', '0', '--emulator-port', '0', '--board-port', '0'];
const READY_WITHIN_SECONDS = 120;
const MOVES_WITHIN_SECONDS = 120;

interface Addresses {
  migrationHub: string;
  board?: string;
}

/** When the first task has moved on from where it began. */
async function untilItMoves(url: string): Promise<void> {
  for (const end = Date.now() + MOVES_WITHIN_SECONDS * 1000; Date.now() < end; await delay(200)) {
    const tasks = (await (await fetch(`${url}/_mgh/tasks`)).json()) as { progressPercent: number | null }[];
    if (tasks.some(({ progressPercent }) => (progressPercent ?? 0) > 5)) return;
  }
  throw new Error(`no task has moved within ${MOVES_WITHIN_SECONDS} s`);
}

/** `dev`, as npx runs it, until the sample moves; then Ctrl-C. */
export const DEV_ROWS: Row[] = [
  {
    name: 'dev',
    inShort: true,
    async run(place) {
      const cwd = await place.npmProject('dev', {}, {});
      const began = performance.now();
      const since = () => ((performance.now() - began) / 1000).toFixed(1);
      const env = { ...process.env, TEMPORAL_ADDRESS: '' };
      const command = ['npx', 'temporal-migration-hub', 'dev', ...PORTS, '-o', 'jsonl'];
      // A group of its own, as a terminal has: Ctrl-C goes to npx and to what it has started.
      const child = spawn(command[0] ?? '', command.slice(1), { cwd, env, detached: true });
      const exit = once(child, 'exit') as Promise<[number | null]>;
      let said = '';
      child.stderr.on('data', (data: Buffer) => (said += data.toString()));
      const late = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), READY_WITHIN_SECONDS * 1000);
      try {
        let addresses: Addresses | undefined;
        for await (const line of createInterface(child.stdout)) {
          addresses = JSON.parse(line) as Addresses;
          break;
        }
        if (!addresses) throw new Error(`it ended: ${said.slice(-1000)}`);
        clearTimeout(late);
        const ready = since();
        await untilItMoves(addresses.migrationHub);
        const moved = since();
        process.kill(-(child.pid as number), 'SIGINT');
        const [code] = await exit;
        if (code !== 0) throw new Error(`it ended with ${code}: ${said.slice(-1000)}`);
        return `ready after ${ready} s, a task moves after ${moved} s, Ctrl-C ends it with 0`;
      } finally {
        clearTimeout(late);
        if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid as number), 'SIGKILL');
      }
    },
  },
];
