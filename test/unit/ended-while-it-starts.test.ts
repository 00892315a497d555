import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CLI } from '../built';
import { listening } from './refusing-server';

const SIGNAL = join(__dirname, '../fixtures/signal-while-it-loads.cjs');

it.each([['worker'], ['emulator', '--port', '0'], ['board', '--port', '0']])(
  '%s, told to stop while it loads, ends with 0: as process 1 of a container it would not hear that, and go on',
  async (...args) => {
    const env = { ...process.env, TEMPORAL_ADDRESS: await listening(createServer()), AWS_REGION: 'us-west-2' };
    const child = spawn(process.execPath, ['--require', SIGNAL, CLI, ...args], { env, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([0, null]);
  },
);
