/** Far beyond what anything here takes, also on a busy machine. */
const PATIENCE_SECONDS = 120;

/** Waits until `done`. @throws Error that names what it waited for in vain. */
export async function until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_SECONDS * 1000; !(await done());) {
    if (Date.now() > end) throw new Error(`waited ${PATIENCE_SECONDS} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
