import { invalidInput } from './errors';
import { Store, type StoreLimits } from './store';
import { checkEmulatorState, type AccountState, type EmulatorState } from './store-state';
import type { Switches } from './switches';

/** The setting of a home region, as CreateHomeRegionControl makes it. */
export interface HomeRegionControl {
  controlId: string;
  homeRegion: string;
  /** Epoch seconds. */
  requestedTime: number;
}

/** The same id for the same account and region, so that two runs of a test see the same. */
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

/** One AWS account: its home region and all that Migration Hub holds for it. */
export class Account {
  readonly store: Store;
  control: HomeRegionControl | undefined;

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

  get homeRegion(): string | undefined {
    return this.control?.homeRegion;
  }

  /** Answers the control that was there when it is of the same region. */
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

  deleteControl(controlId: string): void {
    if (this.control?.controlId !== controlId) throw invalidInput(`There is no home region control ${controlId}.`);
    this.control = undefined;
  }
}

const stateOf = ({ id, control, store }: Account): AccountState => ({
  id,
  control: control ? { ...control } : null,
  ...store.dump(),
});

/** All accounts, made when they are first met. */
export class Accounts {
  private readonly byId = new Map<string, Account>();

  constructor(private readonly make: (id: string) => Account) {}

  account(id: string): Account {
    let account = this.byId.get(id);
    if (!account) this.byId.set(id, (account = this.make(id)));
    return account;
  }

  /** The same account as if it held nothing. */
  emptyOne(id: string): Account {
    return this.make(id);
  }

  all(): Account[] {
    return [...this.byId.values()];
  }

  reset(): void {
    this.byId.clear();
  }

  dump(): EmulatorState {
    return { accounts: this.all().map(stateOf) };
  }

  /** Throws a SettingError for a state that cannot be used, and changes nothing then. */
  load(state: unknown): void {
    const { accounts } = checkEmulatorState(state);
    this.byId.clear();
    for (const { id, control, ...held } of accounts) {
      const account = this.account(id);
      // Left out, it is what every account has at first; null is none.
      if (control !== undefined) account.control = control ?? undefined;
      account.store.load(held);
    }
  }
}
