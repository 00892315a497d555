import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { MODEL_FILES, MODELS_DIRECTORY } from '../../dev/models/condensed-model';
import { runChild } from '../driver/children';
import { pythonWith } from '../driver/clients';
import { cached, MissingTool, requireTool } from '../driver/tools';
import type { Sample } from './inputs';

const CODE = join(__dirname, 'oracle');

/** What Smithy makes of the models, as a file in the cache. */
async function schemas(): Promise<string> {
  const models = MODEL_FILES.map((name) => join(MODELS_DIRECTORY, name));
  const missing = models.find((file) => !existsSync(file));
  if (missing) throw new MissingTool(`the model ${missing} is not there: restore it`);
  const java = await requireTool('java');
  const mvn = await requireTool('mvn');
  const pom = join(CODE, 'pom.xml');
  const sources = [pom, join(CODE, 'src/main/java/Schemas.java'), ...models];
  const folder = await cached('oracle', sources, 'schemas.json', async (made) => {
    await runChild([mvn, '-B', '-q', '-f', pom, `-DbuildDirectory=${made}`, 'package']);
    const out = createWriteStream(join(made, 'schemas.json'));
    const path = `${join(made, 'classes')}:${join(made, 'lib')}/*`;
    await runChild([java, '-cp', path, 'Schemas', ...models], { onLine: (line) => out.write(line) });
    await new Promise((resolve) => out.end(resolve));
  });
  return join(folder, 'schemas.json');
}

/** Judges inputs by the models, without a line of the emulator's code. */
export class Oracle {
  private readonly waiting: { resolve: (verdict: boolean) => void; reject: (reason: Error) => void }[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly input: Writable,
    output: Readable,
  ) {
    createInterface({ input: output }).on('line', (line) => this.waiting.shift()?.resolve(line === 'true'));
    input.on('error', () => this.fail());
    child.on('exit', () => this.fail());
  }

  private fail(): void {
    const reason = new Error('the oracle has ended; its last words are above');
    for (const { reject } of this.waiting.splice(0)) reject(reason);
  }

  /** @throws MissingTool */
  static async start(): Promise<Oracle> {
    const file = await schemas();
    const python = await pythonWith('requirements-oracle.txt');
    const child = spawn(python, [join(CODE, 'oracle.py'), file], { stdio: ['pipe', 'pipe', 'inherit'] });
    return new Oracle(child, child.stdin, child.stdout);
  }

  allows(sample: Sample): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.input.write(`${JSON.stringify(sample)}\n`);
    });
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}
