import { describe, expect, it } from 'vitest';
import { toTaskName } from '../../src/inventory';
import { addressOf } from '../../src/inventory/values/address';
import { mergedAttributes } from '../../src/inventory/values/attributes';
import { listOf, shortened, textOf, truthOf } from '../../src/inventory/values/cell';

describe('what an address is, its text tells', () => {
  it.each([
    ['10.0.0.1', 'IPV4_ADDRESS', '10.0.0.1'],
    ['10.0.0.1/24', 'IPV4_ADDRESS', '10.0.0.1'],
    ['::ffff:10.0.0.1', 'IPV4_ADDRESS', '10.0.0.1'],
    ['2001:DB8::1', 'IPV6_ADDRESS', '2001:0db8:0000:0000:0000:0000:0000:0001'],
    ['2001:db8:1:2:3:4:5:6/64', 'IPV6_ADDRESS', '2001:0db8:0001:0002:0003:0004:0005:0006'],
    ['2001:db8::', 'IPV6_ADDRESS', '2001:0db8:0000:0000:0000:0000:0000:0000'],
    ['64:ff9b::192.0.2.33', 'IPV6_ADDRESS', '0064:ff9b:0000:0000:0000:0000:c000:0221'],
    ['00-15-E9-2B-99-3C', 'MAC_ADDRESS', '00:15:e9:2b:99:3c'],
    ['0015.e92b.993c', 'MAC_ADDRESS', '00:15:e9:2b:99:3c'],
    ['web-1.corp.example', 'FQDN', 'web-1.corp.example'],
    ['web_1.Corp.Example.', 'FQDN', 'web_1.Corp.Example'],
    ['grüße.example', 'FQDN', 'grüße.example'],
    ['हिन्दी.example', 'FQDN', 'हिन्दी.example'],
  ])('%s', (text, type, value) => {
    expect(addressOf(text)).toEqual({ kind: 'attribute', attribute: { type, value } });
  });

  it.each([
    'fe80::1',
    'fe80::250:56ff:feab:1%eth0',
    '169.254.1.1',
    '127.0.0.1',
    '0.0.0.0',
    '::1',
    '::',
    '00:00:00:00:00:00',
    'localhost',
    'localhost.localdomain',
  ])('%s is of no one server', (text) => expect(addressOf(text)).toEqual({ kind: 'local' }));

  it.each([
    '10.0.0.300',
    '10.0.0',
    'a..b',
    '-a.b',
    'a b.c',
    'x'.repeat(64) + '.example',
    '00:15:e9:2b:99',
    '12345::',
    'a,b',
    '<script>',
  ])('%s is none', (text) => expect(addressOf(text)).toEqual({ kind: 'unknown' }));

  it('a host name without a domain is none that Migration Hub could find', () => {
    expect(addressOf('WEB-1')).toEqual({ kind: 'host', name: 'WEB-1' });
  });
});

describe('the name of a task', () => {
  it.each([
    ['pay-db-1', 'pay-db-1'],
    ['  two   blanks ', 'two blanks'],
    ['a:b|c', 'a-b-c'],
    ['00:50:56:ab:00:01', '00-50-56-ab-00-01'],
    ['no\u00A0break\u2003space', 'no break space'],
    ['zero\u200Bwidth\uFEFF', 'zerowidth'],
    ['tab\there', 'tab here'],
    ['bell\u0007', 'bell'],
    ['Gro\u0308ße', 'Größe'],
    ['007', '007'],
    ['UPPER', 'UPPER'],
  ])('of %j is %j', (name, taskName) => {
    expect(toTaskName(name)).toBe(taskName);
    expect(toTaskName(taskName)).toBe(taskName);
  });
});

describe('a cell', () => {
  it('is read as the text that people meant', () => {
    expect([' a ', '="007"', '#N/A', '#REF!', '#1 server', undefined].map(textOf)).toEqual([
      'a',
      '007',
      '',
      '',
      '#1 server',
      '',
    ]);
  });

  it('may hold a list, in any way that tools write one', () => {
    expect(listOf('a, b;c\nd | e')).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('may say true or false as a spreadsheet of another language does', () => {
    expect(['True', '1', 'yes', 'WAHR'].map(truthOf)).toEqual([true, true, true, true]);
    expect(['False', '', 'no', 'FALSCH'].map(truthOf)).toEqual([false, false, false, false]);
    expect(truthOf('poweredOn')).toBeUndefined();
  });

  it('is shortened by characters, not by halves of them', () => {
    expect(shortened('😀'.repeat(61))).toBe(`${'😀'.repeat(60)}…`);
    expect(shortened('😀'.repeat(60))).toBe('😀'.repeat(60));
  });
});

describe('attributes', () => {
  const of = (type: string, value: string) => ({ type, value });

  it('are there once, in an order that does not depend on that of the rows', () => {
    expect(
      mergedAttributes([of('MAC_ADDRESS', 'a'), of('IPV4_ADDRESS', '1'), of('FQDN', 'X.y'), of('FQDN', 'x.Y')]),
    ).toEqual([of('FQDN', 'X.y'), of('IPV4_ADDRESS', '1'), of('MAC_ADDRESS', 'a')]);
  });

  it('of a virtual machine need its manager; BIOS_ID does not', () => {
    const vm = [of('VM_NAME', 'a'), of('VM_PATH', 'b'), of('VM_MANAGED_OBJECT_REFERENCE', 'c'), of('BIOS_ID', 'd')];
    expect(mergedAttributes(vm)).toEqual([of('BIOS_ID', 'd')]);
    expect(mergedAttributes([...vm, of('VM_MANAGER_ID', 'e')])).toHaveLength(5);
  });
});
