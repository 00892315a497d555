import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevServer, type DevServer } from '../servers';
import { lastLine, sh } from './sh';

const ROOT = join(__dirname, '../..');
const FIXTURES = join(__dirname, 'fixtures');
/** Its errors are read, also where npm -s runs this. */
const QUIET = ['--loglevel=error', '--no-audit', '--no-fund', '--prefer-offline'];
/** Of the projects that are compiled or bundled. */
const TOOLS = ['esbuild@0.28.2', 'typescript@6.0.3', 'typescript5@npm:typescript@5.9.3', '@types/node@20.19.0'];

/** An optional peer, as the emulator alone needs none: npm does not bring it by itself. */
export const WORKER = '@temporalio/worker@^1.24.0';

/** Where the fixtures are: temporary folders, the tarball, and a Temporal server. */
export class Place {
  private common: Promise<string> | undefined;
  private serving: Promise<DevServer> | undefined;

  private constructor(
    /** The temporary folder of all projects. */
    private readonly folder: string,
    /** The path of what would be published. */
    readonly tarball: string,
  ) {}

  /** Packs the project, once, as it was built. */
  static async prepare(): Promise<Place> {
    const folder = await mkdtemp(join(tmpdir(), 'package-test-'));
    const said = await sh(ROOT, 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
    const packed = JSON.parse(said.slice(said.search(/^[[{]\s*$/m))) as object;
    // npm 11 writes a list, npm 12 an object by name.
    const [{ filename }] = Object.values(packed) as [{ filename: string }];
    return new Place(folder, join(folder, filename));
  }

  /** The address of a Temporal server, started where it is first asked for. */
  async address(): Promise<string> {
    return (await (this.serving ??= startDevServer({ log: () => undefined }))).address;
  }

  /** A new project; of the folder `fixtures` it has the files, under the names given, or their own. */
  async project(name: string, manifest: object, files: Record<string, string>, parent = this.folder): Promise<string> {
    const cwd = join(parent, name);
    await mkdir(cwd, { recursive: true });
    await writeFile(join(cwd, 'package.json'), JSON.stringify({ name, private: true, ...manifest }));
    for (const [to, from] of Object.entries(files)) await cp(join(FIXTURES, from), join(cwd, to), { recursive: true });
    return cwd;
  }

  /** A project within one where npm has installed the package, with its peers, and the compilers: installed once for all. */
  async npmProject(name: string, manifest: object, files: Record<string, string>): Promise<string> {
    this.common ??= this.project('npm', {}, {}).then(async (cwd) => {
      await this.npm(cwd, [this.tarball, WORKER, ...TOOLS]);
      return cwd;
    });
    return this.project(name, manifest, files, await this.common);
  }

  /** npm install. */
  async npm(cwd: string, what: string[]): Promise<void> {
    await sh(cwd, 'npm', ['install', ...QUIET, ...what]);
  }

  /** Runs a fixture that makes a migration; its answer. @throws Error unless the migration arrived, and every entry was there */
  async migrate(cwd: string, name: string, command: string[]): Promise<Record<string, unknown>> {
    const [program = '', ...args] = command;
    const answer = lastLine(await sh(cwd, program, [...args, await this.address(), name]));
    if (answer['status'] !== 'COMPLETED' || answer['entries'] !== 'function,function,function')
      throw new Error(`the answer is ${JSON.stringify(answer)}`);
    return answer;
  }

  /** The manifest of the package in a project. */
  async manifestOf(cwd: string, name: string): Promise<{ version: string }> {
    return JSON.parse(await readFile(join(cwd, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
  }

  /** Ends the server and takes the folders away. */
  async leave(): Promise<void> {
    await (await this.serving)?.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
