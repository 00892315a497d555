import { readdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { runChild } from './children';
import { cached, requireTool } from './tools';
import type { Row } from './types';

const ROOT = resolve(__dirname, '..');

/** A client library, and how its runner is made to run. */
export interface Client {
  /** As in `--client`, in stream names and in differences.json. */
  name: string;
  /** Whose code it is, with its version. */
  about: string;
  /** Which rows it runs; default all. */
  picks?: (row: Row) => boolean;
  /** Answers the command that runs the file of rows that is appended to it. @throws MissingTool */
  prepare: () => Promise<string[]>;
}

const typescript = (file: string) => () =>
  Promise.resolve([process.execPath, '--require', 'tsx/cjs', join(ROOT, 'node', file)]);

/** A virtual environment with what a requirements file pins. */
export async function pythonWith(requirements: string): Promise<string> {
  const python = await requireTool('python3');
  const file = join(ROOT, 'python', requirements);
  const folder = await cached(requirements.replace('.txt', ''), [file], 'bin/python', async (made) => {
    await runChild([python, '-m', 'venv', made]);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', file];
    await runChild([join(made, 'bin/python'), ...install]);
  });
  return join(folder, 'bin/python');
}

const boto3 =
  (...flags: string[]) =>
  async () => {
    const python = await pythonWith('requirements-boto3.txt');
    return [python, join(ROOT, 'python/boto3_runner.py'), ...flags];
  };

async function goRunner(): Promise<string[]> {
  const go = await requireTool('go');
  const cwd = join(ROOT, 'go');
  const sources = readdirSync(cwd).map((file) => join(cwd, file));
  const folder = await cached('go', sources, 'runner', (made) =>
    runChild([go, 'build', '-mod=readonly', '-o', join(made, 'runner'), '.'], { cwd, env: { GOFLAGS: '' } }),
  );
  return [join(folder, 'runner')];
}

async function javaRunner(): Promise<string[]> {
  const java = await requireTool('java');
  const mvn = await requireTool('mvn');
  const pom = join(ROOT, 'java/pom.xml');
  const code = join(ROOT, 'java/src/main/java');
  const sources = [pom, ...readdirSync(code).map((file) => join(code, file))];
  const folder = await cached('java', sources, 'classes/Runner.class', (made) =>
    runChild([mvn, '-B', '-q', '-f', pom, `-DbuildDirectory=${made}`, 'package']),
  );
  const path = [join(folder, 'classes'), join(folder, 'lib/*')].join(delimiter);
  return [java, '-cp', path, 'Runner'];
}

/** All clients, in the order in which they run. */
export const CLIENTS: readonly Client[] = [
  { name: 'wire', about: 'plain HTTP, the inputs as written', prepare: typescript('wire-runner.ts') },
  { name: 'boto3', about: 'boto3 1.44.8', prepare: boto3() },
  {
    name: 'boto3-checks',
    about: 'boto3 1.44.8, its own checks on; bad inputs',
    picks: (row) => row.badInput,
    prepare: boto3('--validating'),
  },
  { name: 'node', about: '@aws-sdk/client-migration-hub 3.523.0', prepare: typescript('node-runner.ts') },
  { name: 'go', about: 'aws-sdk-go-v2 migrationhub v1.25.0', prepare: goRunner },
  {
    name: 'aws-cli',
    about: 'AWS CLI 1.46.3; smoke rows',
    picks: (row) => row.smoke,
    prepare: async () => [await pythonWith('requirements-cli.txt'), join(ROOT, 'python/cli_runner.py')],
  },
  { name: 'java', about: 'AWS SDK for Java 2.40.2', prepare: javaRunner },
];
