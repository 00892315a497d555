import { describe, expect, it } from 'vitest';
import { validateReport, type TaskReport } from '../../src/report';
import { TaskGroup, usableSettings } from '../../src/task-state';

const report = (migrationTaskName: string, more: Partial<TaskReport> = {}): TaskReport => ({
  progressUpdateStream: 'S',
  migrationTaskName,
  status: 'IN_PROGRESS',
  nextUpdateSeconds: 3600,
  ...more,
});
const by = (ownerId: string, sequence: number) => ({ owner: { ownerId, sequence } });
const group = () => new TaskGroup(usableSettings({}), 0);
/** Sends all that is due, and Migration Hub takes it. */
function deliver(tasks: TaskGroup, now: number): string[] {
  const { warnings: _, ...round } = tasks.takeDue(now);
  tasks.settle(round, { others: {} }, now + 0.5);
  return round.items.map(({ migrationTaskName }) => migrationTaskName);
}
const viewOf = (tasks: TaskGroup, name: string, now: number) => tasks.view(name, now) as { abandoned?: object };

describe('heartbeats of a silent reporter that is no workflow', () => {
  it('end at its limit, also in a group in which others report all the time', () => {
    const tasks = group();
    tasks.take(report('silent', { silenceLimitSeconds: 3000, ...by('client', 1) }), 1000);
    const sent: number[] = [];
    for (let now = 1000; now < 20_000; now += 10) {
      tasks.take(report('busy', by('other', now)), now);
      if (deliver(tasks, now).includes('silent')) sent.push(now);
    }
    expect(Math.max(...sent)).toBeLessThan(4000);
    expect(sent.length).toBeGreaterThanOrEqual(3);
    expect(viewOf(tasks, 'silent', 20_000).abandoned).toMatchObject({ at: 4000 });
  });
});

describe('what a group keeps of a task is bounded', () => {
  it('labels that are merged', () => {
    const tasks = group();
    const leftOut: string[] = [];
    for (let i = 0; i < 1000; i++) {
      const given = report('vm', { labels: { [`label-${i}`]: 'x' }, ...by('a', i + 1) });
      leftOut.push(...(tasks.take(given, i).labelsLeftOut ?? []));
    }
    const { labels } = tasks.view('vm', 1000) as { labels: object };
    expect(JSON.stringify(labels).length).toBeLessThanOrEqual(1000);
    expect(labels).toHaveProperty('label-999');
    // None leaves unsaid.
    expect(leftOut.length + Object.keys(labels).length).toBe(1000);
  });

  it('reporters, of whom those that report are remembered', () => {
    const tasks = group();
    for (let i = 1; i <= 100; i++) {
      tasks.take(report('vm', by('parent', i)), i);
      tasks.take(report('vm', by(`child-${i}`, 1)), i);
    }
    const { reporters } = tasks.view('vm', 100) as { reporters: Record<string, { accepted: number }> };
    expect(Object.keys(reporters)).toHaveLength(32);
    expect(reporters['parent']?.accepted).toBe(100);
  });

  it.each([
    ['workflowId', 5],
    ['runId', 'x'.repeat(1001)],
    ['namespace', {}],
    ['ownerId', 'x'.repeat(1001)],
  ])('an owner whose %s is none is refused', (field, value) => {
    const owner = { ownerId: 'a', sequence: 1, [field]: value };
    expect(() => validateReport(report('vm', { owner: owner as never }))).toThrow(`owner.${field} is`);
  });
});
