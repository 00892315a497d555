import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { bundleSample, prebuiltSample } from '../src/dev-environment/sample/bundle';
import { bundleWorkflows, prebuiltBundle } from '../src/worker/workflow-bundle';

const ROOT = join(__dirname, '..');
const LIB = join(ROOT, 'lib');
const MAP = 'base64,';

/** The source map at the end names files as they lie on this machine; users see them in stack traces. */
function withRelativeSources(code: string, withContents: boolean): string {
  const at = code.lastIndexOf(MAP) + MAP.length;
  const map = JSON.parse(Buffer.from(code.slice(at), 'base64').toString()) as {
    sources: string[];
    sourcesContent?: string[];
  };
  const sources = map.sources.map((source) => (source.startsWith(ROOT) ? relative(ROOT, source) : source));
  const sourcesContent = withContents ? map.sourcesContent : undefined;
  return code.slice(0, at) + Buffer.from(JSON.stringify({ ...map, sources, sourcesContent })).toString('base64');
}

/** Part of the build: the code of our workflows, and that of the sample, as one file each, so that no worker bundles it at its start. */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const { code } = await bundleWorkflows(LIB);
  writeFileSync(prebuiltBundle(LIB), withRelativeSources(code, true));
  const sample = await bundleSample(LIB);
  writeFileSync(prebuiltSample(LIB), withRelativeSources(sample.code, false));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
