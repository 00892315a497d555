import { expect, it } from 'vitest';
import { callerOf } from '../../src/nexus/handlers';

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
