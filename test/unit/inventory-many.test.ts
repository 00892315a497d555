import { expect, it } from 'vitest';
import { joinAdapters } from '../../src/inventory/servers/adapters';
import { match } from '../../src/inventory/servers/match';
import { ServerRecord } from '../../src/inventory/servers/record';
import { RecordIndex } from '../../src/inventory/servers/record-index';
import { SourceFile } from '../../src/inventory/servers/source-file';

const COUNT = 20_000;
const KEY = 'web.corp.example';

function records(name: string, fields: (i: number) => Partial<ServerRecord>): ServerRecord[] {
  const file = new SourceFile(name, false);
  return Array.from({ length: COUNT }, (_, i) =>
    Object.assign(new ServerRecord(file, i + 2, KEY, { line: i + 2, column: 1 }), fields(i)),
  );
}

/** With a copy of all rows for each of them, it is a minute. */
function inTime(run: () => void): void {
  const before = performance.now();
  run();
  expect(performance.now() - before).toBeLessThan(5_000);
}

it('rows of one key that finds very many are matched without a copy of them for each', () => {
  const found = records('b.csv', (i) => (i % 2 === 0 ? { names: [KEY] } : { hosts: [KEY] }));
  const index = new RecordIndex(found);
  const tasks = records('a.csv', () => ({ names: [KEY], hosts: [KEY] }));
  inTime(() => {
    for (const task of tasks) match(task, index);
  });
  expect(match(tasks[0] as ServerRecord, index)).toMatchObject({
    fault: expect.stringContaining(
      'is found in more than 100 rows (b.csv, line 2; b.csv, line 4; b.csv, line 6; …), and',
    ) as string,
  });
});

it.each([
  ['names', { names: [KEY] }],
  ['ids', { names: [KEY], managerId: 'vc', vmId: 'vm-1' }],
])('adapters of very many machines of the same %s are refused without a copy of them for each', (_of, fields) => {
  const machines = records('a.csv', () => fields);
  const adapters = records('b.csv', () => fields);
  inTime(() => joinAdapters(adapters, machines));
  expect(adapters[0]?.fault).toContain(
    'its virtual machine is in more than 100 rows of vInfo (a.csv, line 2; a.csv, line 3; a.csv, line 4; …), and',
  );
  expect(adapters.every(({ fault }) => fault !== undefined)).toBe(true);
  expect(machines.every(({ fault }) => fault?.includes('(b.csv, line 2)'))).toBe(true);
});
