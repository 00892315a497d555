import { execFile } from 'node:child_process';

/** The emulator takes any words. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'words' };
const TIMEOUT_MS = 15 * 60_000;
const TAIL_CHARACTERS = 1500;

/** Runs a command to its end and gives what it wrote. @throws Error with the end of that, where it fails. */
export function sh(cwd: string, command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const options = { cwd, timeout: TIMEOUT_MS, maxBuffer: 1e8, env: { ...process.env, ...CREDENTIALS, ...env } };
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const said = `${stderr}\n${stdout}`.trim();
      if (error) reject(new Error(`${[command, ...args].join(' ')}: ${said.slice(-TAIL_CHARACTERS) || error.message}`));
      else resolve(said);
    });
  });
}

/** The line of JSON that a fixture ends with. */
export const lastLine = (said: string): Record<string, unknown> =>
  JSON.parse(said.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
