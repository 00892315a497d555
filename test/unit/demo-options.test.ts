import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOptions, UsageError } from '../../examples/demo-options';

const README = join(__dirname, '../../README.md');

describe('the options of the demo', () => {
  it('without flags give 24 servers in 2 waves and 5 applications, each with its attributes', async () => {
    const { servers, skipped } = (await readOptions([]))!;
    expect(servers).toHaveLength(24);
    expect(new Set(servers.map(({ wave }) => wave)).size).toBe(2);
    expect(new Set(servers.map(({ application }) => application)).size).toBe(5);
    const vm = ['VM_MANAGER_ID', 'VM_MANAGED_OBJECT_REFERENCE', 'VM_NAME', 'FQDN'];
    for (const { resourceAttributes } of servers)
      expect(resourceAttributes.map(({ type }) => type)).toEqual(expect.arrayContaining(vm));
    // A server that is retired and its VM, a template, and a VM that is in no wave.
    expect(skipped).toBe(4);
  });

  it.each([
    [['--groups', 'x'], /--groups is x/],
    [['--flie', 'x'], /--flie/],
    [['--file', 'no-such.csv'], /no-such.csv cannot be read: no such file/],
    [['--file', README], /README.md:1:1: /],
  ])('%j are refused in words', async (args, said) => {
    await expect(readOptions(args)).rejects.toThrow(UsageError);
    await expect(readOptions(args)).rejects.toThrow(said);
  });

  it('may ask for help alone', async () => {
    expect(await readOptions(['--help'])).toBeUndefined();
  });
});
