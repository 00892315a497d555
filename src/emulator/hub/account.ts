import { invalidInput } from './errors';
import { Store, type StoreLimits } from './store';
import type { AccountState, Dumped, HomeRegionControl } from './store-state';
import type { Switches } from './switches';

/** A control id that is the same for the same account and region, so that two runs of a test see the same. */
function controlIdOf(account: string, region: string): string {
  let id = '';
  let state = 0;
  for (const char of `${account}/${region}`) state = (Math.imul(state, 31) + char.charCodeAt(0)) >>> 0;
  for (let i = 0; i < 12; i++) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + i) >>> 0;
    id += (state % 36).toString(36);
  }
  return `hrc-${id}`;
}

/** One AWS account: its home region, and everything that Migration Hub holds for it. */
export class Account {
  /** What Migration Hub holds for it. */
  readonly store: Store;
  /** Its home region control; undefined when no home region is set. */
  control: HomeRegionControl | undefined;

  /**
   * @param id twelve digits
   * @param homeRegion the home region at first; null for none
   * @param now the emulator's clock, epoch seconds
   */
  constructor(
    readonly id: string,
    homeRegion: string | null,
    private readonly now: () => number,
    limits: StoreLimits,
    private readonly switches: Switches,
  ) {
    this.store = new Store(now, limits, switches);
    if (homeRegion !== null) this.setHomeRegion(homeRegion);
  }

  /** The home region; undefined when none is set. */
  get homeRegion(): string | undefined {
    return this.control?.homeRegion;
  }

  /**
   * Sets the home region and returns its control; the existing one when the region is the same.
   * @throws MigrationHubError InvalidInputException when another region is set and the switch `changeHomeRegion` is `reject`
   */
  setHomeRegion(homeRegion: string): HomeRegionControl {
    if (this.control?.homeRegion === homeRegion) return this.control;
    if (this.control && this.switches.changeHomeRegion === 'reject')
      throw invalidInput(`The home region is ${this.control.homeRegion} already: delete its control first.`);
    return (this.control = {
      controlId: controlIdOf(this.id, homeRegion),
      homeRegion,
      requestedTime: this.now(),
    });
  }

  /**
   * Deletes the home region control.
   * @throws MigrationHubError InvalidInputException when the account has no control of this id
   */
  deleteControl(controlId: string): void {
    if (this.control?.controlId !== controlId) throw invalidInput(`There is no home region control ${controlId}.`);
    this.control = undefined;
  }

  /** The account as JSON. */
  dump(what: Dumped): AccountState {
    return { id: this.id, control: this.control ? { ...this.control } : null, ...this.store.dump(what) };
  }
}
