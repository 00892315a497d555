import { expect, it } from 'vitest';
import { read } from '../../dev/images/dockerfile';
import { callerOf } from '../../src/nexus/handlers';
import { migrationHubService } from '../../src/nexus/service';

const EVENT = 'temporal.api.common.v1.Link.WorkflowEvent';
const called = (...links: [type: string, url: string][]) =>
  callerOf({ requestId: 'r', inboundLinks: links.map(([type, url]) => ({ type, url: new URL(url) })) });

it.each([
  ['plain', 'temporal:///namespaces/abroad/workflows/migrate/run-1/history?eventID=5', ['abroad', 'migrate', 'run-1']],
  ['with signs in it', 'temporal:///namespaces/a.b/workflows/w%2F1%20%C3%A4/run-1/history', ['a.b', 'w/1 ä', 'run-1']],
])('the workflow that calls through Nexus is known by its link: %s', (_, url, [namespace, workflowId, runId]) => {
  expect(called(['other', 'https://example.com'], [EVENT, url])).toEqual({
    workflow: { namespace, workflowId, runId },
    reporter: { ownerId: `${runId}/r`, sequence: 1 },
  });
});

it.each<[string, [string, string][]]>([
  ['without a link', []],
  [
    'with a link of another kind',
    [['temporal.api.common.v1.Link.NexusOperation', 'temporal:///namespaces/a/nexus-operations/o/run/details']],
  ],
  ['with a link of a form that is not known', [[EVENT, 'temporal:///namespaces/a']]],
])('a call %s is one of nobody that could be asked', (_, links) => {
  expect(called(...links)).toEqual({
    workflow: {},
    reporter: { ownerId: 'nexus/r', sequence: 1, reportedAt: expect.any(Number) as number },
  });
});

it('docs/worker-process.md has each operation of the service, and their number', () => {
  const [, text = ''] = read('docs/worker-process.md').split('## Callers in other namespaces');
  const cells = text.split('\n').flatMap((line) => /^\| (`.*?) \|/.exec(line)?.[1] ?? []);
  const told = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const names = Object.keys(migrationHubService.operations);
  expect(told.sort()).toEqual(names.sort());
  const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
  expect(text).toContain(`has ${NUMBERS[names.length]} synchronous operations`);
});
