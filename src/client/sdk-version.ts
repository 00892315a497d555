import { ConfigurationError } from '../report/configuration-error';

/** The oldest version of the `@temporalio` packages that the peer dependencies of this package allow. */
export const OLDEST_SDK = '1.24.0';

/**
 * npm only warns of an older one where it was told to go on, and what is missing in it would fail later and elsewhere.
 * `versions`: of the packages `@temporalio/<name>`.
 * @throws ConfigurationError naming those that are too old, and the mend
 */
export function checkSdk(versions: Record<string, string>): void {
  const old = Object.entries(versions).filter(([, version]) => isOlder(version, OLDEST_SDK));
  if (old.length === 0) return;
  const found = old.map(([name, version]) => `@temporalio/${name} is ${version}`).join(', ');
  const all = Object.keys(versions).map((name) => `@temporalio/${name}@^${OLDEST_SDK}`);
  throw new ConfigurationError(
    `${found}, but temporal-migration-hub needs ${OLDEST_SDK} or newer: npm install ${all.join(' ')}`,
  );
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => parseInt(part, 10));
  const [leastMajor = 0, leastMinor = 0, leastPatch = 0] = than.split('.').map(Number);
  return (major - leastMajor || minor - leastMinor || patch - leastPatch) < 0;
}
