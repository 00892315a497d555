/** One line where a package is missing that not every command needs, so that npm does not install it by itself; else undefined. */
export function missingPackage(error: Error, command: string): string | undefined {
  const missing = /^Cannot find module '(@temporalio\/[a-z-]+|@aws-sdk\/client-migration-hub)'/.exec(
    error.message,
  )?.[1];
  if (missing === undefined) return undefined;
  const asNpx = `npx -p temporal-migration-hub -p ${missing} temporal-migration-hub ${command}`;
  return `${command} needs the package ${missing}: npm install ${missing}, or ${asNpx}`;
}
