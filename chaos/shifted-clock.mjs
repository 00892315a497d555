/** Loaded before the worker process: its clock is CHAOS_CLOCK_AHEAD seconds ahead, and CHAOS_CLOCK_JUMP more from SIGUSR2 on. */
import process from 'node:process';

const RealDate = Date;
let ahead = Number(process.env.CHAOS_CLOCK_AHEAD ?? 0) * 1000;
const now = () => RealDate.now() + ahead;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget === globalThis.Date ? target : newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

process.on('SIGUSR2', () => (ahead += Number(process.env.CHAOS_CLOCK_JUMP ?? 0) * 1000));
