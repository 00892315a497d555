import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row';

const PORTS = ['--temporal-port', '0', '--ui-port', '0', '--emulator-port', '0', '--board-port', '0'];
const WITHIN_SECONDS = 120;

interface Addresses {
  temporal: { ui: string };
  migrationHub: string;
}

async function until(what: string, done: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + WITHIN_SECONDS * 1000; Date.now() < end; await delay(200)) if (await done()) return;
  throw new Error(`waited ${WITHIN_SECONDS} s in vain until ${what}`);
}

/** Whether a process of a group runs; `signal` 0 only asks. */
function reaches(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/** `dev`, as npx runs it, until a server of the sample has moved on; then Ctrl-C. */
export const DEV_ROWS: Row[] = [
  {
    name: 'dev',
    inShort: true,
    async run(place) {
      const cwd = await place.npmProject('dev', {}, {});
      const began = performance.now();
      const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
      const env = { ...process.env, TEMPORAL_ADDRESS: '' };
      // A group of its own, as a terminal has: Ctrl-C goes to npx and to what it has started.
      const command = ['temporal-migration-hub', 'dev', ...PORTS, '-o', 'jsonl'];
      const child = spawn('npx', command, { cwd, env, detached: true });
      const group = child.pid as number;
      let said = '';
      child.stderr.on('data', (data: Buffer) => (said += data.toString()));
      const late = setTimeout(() => reaches(group, 'SIGKILL'), WITHIN_SECONDS * 1000);
      try {
        let addresses: Addresses | undefined;
        for await (const line of createInterface(child.stdout)) {
          addresses = JSON.parse(line) as Addresses;
          break;
        }
        clearTimeout(late);
        if (!addresses) throw new Error(`it ended: ${said.slice(-1000)}`);
        const { temporal, migrationHub } = addresses;
        const ready = seconds();
        await until('a task moves', async () => {
          const tasks = (await (await fetch(`${migrationHub}/_mgh/tasks`)).json()) as {
            progressPercent: number | null;
          }[];
          return tasks.some(({ progressPercent }) => (progressPercent ?? 0) > 5);
        });
        const moved = seconds();
        reaches(group, 'SIGINT');
        await until('nothing runs', () => !reaches(group, 0));
        const answers = await fetch(temporal.ui).then(
          () => true,
          () => false,
        );
        if (answers) throw new Error(`the Temporal server runs on: ${said.slice(-1000)}`);
        return `ready after ${ready} s, a server moves on after ${moved} s, nothing is left after Ctrl-C`;
      } finally {
        clearTimeout(late);
        reaches(group, 'SIGKILL');
      }
    },
  },
];
