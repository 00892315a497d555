import { describe, expect, it } from 'vitest';
import { arrivalsOf, counterOf, type Arrival } from '../../bench/emulator-door';
import { byFraction, keyOf, lateness } from '../../bench/lateness';
import { cpuSecondsOf, memoryOf } from '../../bench/proc';

const arrival = (at: number, change: Partial<Arrival> = {}): Arrival => ({
  stream: 's',
  task: 't',
  at,
  detail: '',
  updateDateTime: Math.floor(at),
  nextUpdateSeconds: 180,
  ...change,
});
const window = { dueAfter: byFraction(1 / 3), from: 0, until: 1000 };

describe('lateness of heartbeats', () => {
  it('is what passed after updateDateTime and the fraction; early counts as 0', () => {
    const arrivals = [arrival(100.4), arrival(158), arrival(220.5), arrival(990)];
    expect(lateness({ ...window, arrivals })).toEqual([0, 2.5, 710]);
  });

  it('counts a heartbeat that never came until the journal was read', () => {
    expect(lateness({ ...window, arrivals: [arrival(100)], until: 170 })).toEqual([10]);
  });

  it('leaves out what was due before or after the measurement', () => {
    expect(lateness({ ...window, arrivals: [arrival(100), arrival(170)], from: 200, until: 220 })).toEqual([]);
  });

  it('keeps tasks of one name in two streams apart', () => {
    const arrivals = [arrival(100), arrival(110, { stream: 'other' }), arrival(161)];
    expect(lateness({ ...window, arrivals, until: 165 })).toEqual([1]);
  });

  it('goes by the time of each task where that is known', () => {
    const own = new Map([[keyOf(arrival(0)), 54]]);
    const arrivals = [arrival(100), arrival(155), arrival(300, { task: 'unknown' })];
    expect(lateness({ ...window, arrivals, dueAfter: (each) => own.get(keyOf(each)), until: 200 })).toEqual([1]);
  });
});

describe('what is read from outside', () => {
  it('takes from a journal the notifications that Migration Hub took', () => {
    const entry = {
      at: 7,
      operation: 'NotifyMigrationTaskState',
      progressUpdateStream: 's',
      migrationTaskName: 't',
      httpStatus: 200,
      error: null,
      fault: null,
      body: { Task: { StatusDetail: 'sent 1' }, UpdateDateTime: 6, NextUpdateSeconds: 60 },
      bodyCut: false,
      requestId: '',
    };
    const others = [
      { ...entry, operation: 'ImportMigrationTask' },
      { ...entry, httpStatus: 400, error: 'X' },
    ];
    expect(arrivalsOf([entry, ...others])).toEqual([
      arrival(7, { detail: 'sent 1', updateDateTime: 6, nextUpdateSeconds: 60 }),
    ]);
  });

  it('sums the samples of a counter that have all labels', () => {
    const text =
      'a_total{operation="N",answer="ok"} 5\na_total{operation="N",answer="X"} 1\nb_total{operation="N",answer="ok"} 9';
    expect(counterOf(text, 'a_total', ['"N"', '"ok"'])).toBe(5);
  });

  it('reads CPU seconds and memory of a process whose name has a space and a parenthesis', () => {
    const fields = ['S', ...Array.from({ length: 10 }, () => '0'), '250', '50', '9'];
    expect(cpuSecondsOf(`12 (node) x) ${fields.join(' ')}`)).toBe(3);
    expect(memoryOf('VmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\n')).toEqual({ rssMb: 100, peakMb: 200 });
  });
});
