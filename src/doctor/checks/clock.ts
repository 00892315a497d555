import { durationInWords } from '../../cli/time-words';
import { notChecked, ok, problem, warning, type Check } from '../check';
import { migrationHub } from './migration-hub';

/** AWS refuses signatures that are more than five minutes off. */
const REFUSED_SECONDS = 240;
const ODD_SECONDS = 30;
const MEND = 'set the clock of this machine with NTP';

/** Is the clock of this machine that of AWS? */
export const clock: Check = {
  name: 'clock',
  needs: [migrationHub.name],
  ask({ aws: { aheadSeconds }, firstSaid }) {
    if (aheadSeconds === undefined)
      return Promise.resolve(notChecked('the answer of Migration Hub has no Date header'));
    const off = Math.abs(aheadSeconds);
    const said = `${durationInWords(off)} ${aheadSeconds > 0 ? 'behind' : 'ahead of'} the clock of AWS`;
    const isRefused = /^(RequestTimeTooSkewed|RequestExpired)$/.test(firstSaid?.type ?? '');
    if (off > REFUSED_SECONDS || isRefused)
      return Promise.resolve(problem(`this machine is ${said}, which refuses more than 5 minutes`, MEND));
    if (off > ODD_SECONDS) return Promise.resolve(warning(`this machine is ${said}`, MEND));
    return Promise.resolve(ok('this machine and AWS have the same time'));
  },
};
