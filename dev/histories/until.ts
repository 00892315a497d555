/** Far beyond what anything here takes, also on a busy machine. */
const PATIENCE_SECONDS = 120;

/** Waits until `done`; false after `seconds`. */
export async function happens(done: () => boolean | Promise<boolean>, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; ;) {
    if (await done()) return true;
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Waits until `done`. @throws Error that says for what it waited in vain. */
export async function until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await happens(done, PATIENCE_SECONDS))) throw new Error(`waited ${PATIENCE_SECONDS} s in vain for ${what}`);
}
