import type { Account } from './account';
import { checkEmulatorState, type Dumped, type EmulatorState } from './store-state';

/** All accounts. An account is made at its first use. */
export class Accounts {
  private readonly byId = new Map<string, Account>();

  /** @param make makes an account that holds nothing */
  constructor(private readonly make: (id: string) => Account) {}

  /** The account of this id. */
  account(id: string): Account {
    let account = this.byId.get(id);
    if (!account) this.byId.set(id, (account = this.make(id)));
    return account;
  }

  /** A new account of this id that holds nothing, and that is not kept. */
  emptyOne(id: string): Account {
    return this.make(id);
  }

  /** All accounts in order of their first use. */
  all(): Account[] {
    return [...this.byId.values()];
  }

  /** Forgets all accounts. */
  reset(): void {
    this.byId.clear();
  }

  /** All accounts as JSON. */
  dump(what: Dumped): EmulatorState {
    return { accounts: this.all().map((account) => account.dump(what)) };
  }

  /**
   * Replaces all accounts.
   * @throws SettingError when the state is not valid; nothing is changed then
   */
  load(state: unknown): void {
    const { accounts } = checkEmulatorState(state);
    this.byId.clear();
    for (const { id, control, ...held } of accounts) {
      const account = this.account(id);
      // Absent: the home region that every account has at first. Null: no home region.
      if (control !== undefined) account.control = control ? { ...control } : undefined;
      account.store.load(held);
    }
  }
}
