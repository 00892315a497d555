/** `npm run emulator -- --port 4599 --host 127.0.0.1 --home-region us-west-2`: the emulator as a process. */
import { parseArgs } from 'node:util';
import { startEmulator } from './index';

const DEFAULT_PORT = 4599;

function readFlags(): { port: number; host: string; homeRegion: string } {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({ options: { port: string, host: string, 'home-region': string } });
  const { port = String(DEFAULT_PORT), host = '127.0.0.1', 'home-region': homeRegion = 'us-west-2' } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new RangeError(`--port must be 0 to 65535, not ${port}`);
  return { port: Number(port), host, homeRegion };
}

function complain(error: unknown, port?: number): void {
  const { code, message } = error as NodeJS.ErrnoException;
  const busy = `port ${port} is in use: choose another with --port (0 takes any free one)`;
  const said = code === 'EADDRINUSE' ? busy : message.replace(/\s*\n\s*/g, ' ');
  process.stderr.write(`emulator: ${said}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  let port: number | undefined;
  try {
    const flags = readFlags();
    port = flags.port;
    const emulator = await startEmulator(flags);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
    const { url } = emulator;
    process.stdout.write(
      `Migration Hub emulator on ${url}; point a client at it: AWS_ENDPOINT_URL_MIGRATION_HUB=${url}\n`,
    );
  } catch (error) {
    complain(error, port);
  }
}

void main();
