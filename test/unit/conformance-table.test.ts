import { describe, expect, it } from 'vitest';
import { Differences } from '../../conformance/driver/differences';
import { change, expandValue } from '../../conformance/driver/expand-value';
import { readOptions } from '../../conformance/driver/options';
import { loadRows } from '../../conformance/driver/rows';
import { CLIENTS } from '../../conformance/driver/clients';

const names = { stream: 's', i: '7' };

describe('short values of the table', () => {
  it('stand for repeated text, joined text and lists', () => {
    expect(expandValue({ $repeat: '😀', times: 3 }, names)).toBe('😀😀😀');
    expect(expandValue({ $concat: ['a:', { $repeat: 'b', times: 2 }] }, names)).toBe('a:bb');
    expect(expandValue([{ $list: { Name: 'n-${i}' }, times: 2 }], names)).toEqual([[{ Name: 'n-1' }, { Name: 'n-2' }]]);
  });

  it('take names that are known and leave others as they are', () => {
    expect(expandValue({ a: ['${stream}-${i}', '${other}', 5, null] }, names)).toEqual({
      a: ['s-7', '${other}', 5, null],
    });
  });
});

describe('a change to a named call', () => {
  it('sets and leaves out members, also inside lists', () => {
    const input = { Task: { Status: 'A', Percent: 1 }, List: [{ Type: 'x', Value: 'y' }] };
    change(input, { 'Task.Status': 'B', 'List.0.Value': 'z' }, ['Task.Percent', 'List.0.Type']);
    expect(input).toEqual({ Task: { Status: 'B' }, List: [{ Value: 'z' }] });
  });

  it.each([
    ['Tusk.Status', { 'Tusk.Status': 'B' }, []],
    ['Task.Status', {}, ['Task.Status']],
  ])('that names %s, which is not there, is refused by that name', (path, set, unset) => {
    expect(() => change({ Task: {} }, set, unset)).toThrow(path);
  });
});

describe('the table', () => {
  const rows = loadRows('boto3-checks');
  const operations = new Set(rows.map(({ call }) => `${call.service}.${call.operation}`));

  it('has at least 150 rows and a stream of its own in each', () => {
    expect(rows.length).toBeGreaterThanOrEqual(150);
    const created = rows.find(({ id }) => id === 'create-stream');
    expect(created?.call.input).toEqual({ ProgressUpdateStreamName: 'boto3-checks.create-stream' });
  });

  it('has a success and a failure of each of the 25 operations', () => {
    expect(operations.size).toBe(25);
    const of = (kind: 'ok' | 'error') =>
      new Set(rows.filter(({ expect }) => kind in expect).map(({ call }) => `${call.service}.${call.operation}`));
    expect([...operations].filter((each) => !of('ok').has(each))).toEqual([]);
    const mayFail = [...operations].filter((each) => !of('error').has(each));
    expect(mayFail).toEqual(['AWSMigrationHubMultiAccountService.GetHomeRegion']);
  });

  it('has each error of the models that the emulator can be made to answer', () => {
    const errors = new Set(rows.map(({ expect }) => ('error' in expect ? expect.error : '')));
    for (const name of [
      ...['AccessDeniedException', 'DryRunOperation', 'HomeRegionNotSetException', 'InternalServerError'],
      ...['InvalidInputException', 'ResourceNotFoundException', 'ServiceUnavailableException'],
      ...['ThrottlingException', 'UnauthorizedOperation'],
    ])
      expect(errors).toContain(name);
  });

  it('has about 20 rows for the command line client', () => {
    expect(rows.filter(({ smoke }) => smoke).length).toBeGreaterThanOrEqual(20);
  });

  it('is what differences.json speaks of', () => {
    const ids = new Set(rows.map(({ id }) => id));
    const clients = new Set(CLIENTS.map(({ name }) => name));
    const strange = Differences.load().named();
    expect(strange.filter(({ client, row }) => !ids.has(row) || !clients.has(client))).toEqual([]);
  });
});

describe('the flags of the command', () => {
  const known = new Set(['a', 'b']);

  it('pick clients and rows, by one flag or many', () => {
    const { clients, rows } = readOptions(['--client', 'go,node', '--row', 'a', '--row', 'b'], known);
    expect(clients.map(({ name }) => name)).toEqual(['node', 'go']);
    expect([...rows]).toEqual(['a', 'b']);
  });

  it('pick everything when there are none', () => {
    expect(readOptions([], known)).toEqual({ clients: CLIENTS, rows: new Set() });
  });

  it.each([
    ['there is no client perl', ['--client', 'perl']],
    ['there is no row c', ['--row', 'c']],
    ['--colour', ['--colour']],
  ])('are refused with %j', (message, args) => {
    expect(() => readOptions(args, known)).toThrow(message);
  });
});
