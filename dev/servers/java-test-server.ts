import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '../../src/temporal-cli/cache';
import { findOnPath, isExecutable } from '../../src/temporal-cli/executables';
import type { Route } from '../../src/temporal-cli/route';
import { inTempDir, putInPlace } from './cache';
import { requireOnPath, run } from './command';

const VERSION = '1.38.0';
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const BOUND_MS = 10 * 60_000;
/** The number counts changes of the wrapper. */
const NAME = `temporal-test-server-${VERSION}-3`;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>test-server-libraries</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${VERSION}</version>
      <scope>runtime</scope>
    </dependency>
  </dependencies>
</project>
`;

/**
 * The SDK starts the executable with the port as first argument and ends it by a kill, hence `exec`. It runs for seconds: the second
 * compiler and the parallel collector would cost more CPU than they save, and classes that were loaded once come from an archive. A JVM
 * that finds none, or that of another JVM, reads them from the libraries.
 */
const WRAPPER = `#!/bin/sh
dir=$(cd "$(dirname "$0")" && pwd) || exit 1
archive=\${2:--XX:SharedArchiveFile=$dir/classes.jsa}
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$archive" -cp "$dir/lib/*" io.temporal.testserver.TestServer "$1"
`;

/** Of the run that writes the archive, which holds the place of the libraries: the server starts, has this long, and is ended. */
const ARCHIVE_MS = 8_000;

/** The time-skipping server from Maven Central, for machines that reach a Maven repository but not the download. */
export function javaTestServerRoute(): Route {
  const target = () => join(cacheDir(), NAME);
  const wrapper = () => join(target(), 'temporal-test-server');
  return {
    provide: `Install a JVM and Maven that reaches Maven Central or a mirror: io.temporal:temporal-test-server:${VERSION} is then copied.`,
    find: async () => ((await isExecutable(wrapper())) && (await findOnPath('java')) ? wrapper() : undefined),
    make: async (log) => {
      if (process.platform === 'win32') throw new Error('this way starts the JVM by a shell script: not on Windows');
      await requireOnPath('java');
      const mvn = await requireOnPath('mvn');
      log(`time-skipping server: copying ${NAME} and its dependencies (38 MB) with ${mvn} (once)`);
      await inTempDir(async (dir) => {
        const built = join(dir, NAME);
        await mkdir(built);
        await writeFile(join(dir, 'pom.xml'), POM);
        const output = `-DoutputDirectory=${join(built, 'lib')}`;
        const args = ['-B', '-q', '-f', join(dir, 'pom.xml'), COPY, '-DincludeScope=runtime', output];
        await run(mvn, args, { timeoutMs: BOUND_MS });
        await writeFile(join(built, 'temporal-test-server'), WRAPPER, { mode: 0o755 });
        await putInPlace(built, target());
        const archive = `-XX:ArchiveClassesAtExit=${join(target(), 'classes.jsa')}`;
        await run(wrapper(), ['0', archive], { timeoutMs: ARCHIVE_MS }).catch(() => undefined);
      });
      return wrapper();
    },
  };
}
