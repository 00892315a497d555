import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, '.github/workflows');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

interface Job {
  'runs-on': string;
  strategy?: { matrix: { node: number[] } };
  steps: { uses?: string; run?: string }[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}
const workflowOf = (file: string) => parse(readFileSync(join(FOLDER, file), 'utf8'), { strict: true }) as Workflow;

describe.each(readdirSync(FOLDER))('the workflow %s of GitHub', (file) => {
  const { on, jobs } = workflowOf(file);

  it('is YAML with a trigger, and jobs whose steps each use an action of a version or run something', () => {
    expect(Object.keys(on).length).toBeGreaterThan(0);
    for (const job of Object.values(jobs)) {
      expect(job['runs-on']).toBe('ubuntu-latest');
      for (const { uses, run } of job.steps) expect(uses ?? run).toMatch(uses ? /^[\w-]+\/[\w-]+@v\d+$/ : /\S/);
    }
  });

  it('runs only scripts that there are', () => {
    const runs = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run));
    for (const [, script = ''] of runs.join('\n').matchAll(/npm run ([\w:]+)/g))
      expect(scripts).toHaveProperty([script]);
  });
});

it('every check runs on Node 20, 22 and 24', () => {
  const { all } = workflowOf('ci.yml').jobs;
  expect(all?.strategy?.matrix.node).toEqual([20, 22, 24]);
  expect(all?.steps.at(-1)?.run).toBe('.ci/run');
});

it('a release checks everything first, and publishes with provenance', () => {
  const { permissions, jobs } = workflowOf('release.yml');
  expect(permissions).toMatchObject({ 'id-token': 'write' });
  const runs = (jobs['publish']?.steps ?? []).flatMap(({ run }) => run ?? []);
  expect(runs.indexOf('.ci/run')).toBeLessThan(runs.findIndex((run) => run.startsWith('npm publish')));
  expect(runs.at(-1)).toBe('npm publish --provenance --access public');
});
