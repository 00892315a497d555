import { stableHash } from '../../report/names';

/** So many hashes; a power of two. */
const SLOTS = 2 ** 18;

/**
 * Tells which keys several owners may have, by their hashes: few have any, and a map of all keys of all servers takes much memory. A key
 * that only one owner has is rarely among them.
 */
export class SharedKeys {
  /** The first owner of each hash, by number from 1. */
  private readonly owners = new Int32Array(SLOTS);
  private readonly isShared = new Uint8Array(SLOTS);

  /** Forgets all. */
  clear(): void {
    this.owners.fill(0);
    this.isShared.fill(0);
  }

  /** A key of an owner with this number, from 1. */
  add(key: string, owner: number): void {
    const slot = slotOf(key);
    const first = this.owners[slot];
    if (first === 0) this.owners[slot] = owner;
    else if (first !== owner) this.isShared[slot] = 1;
  }

  /** Whether several of the owners that were added may have it. */
  has(key: string): boolean {
    return this.isShared[slotOf(key)] === 1;
  }
}

const slotOf = (key: string): number => stableHash(key) & (SLOTS - 1);
