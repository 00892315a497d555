/** What is said of a setting that ends with a line break, as a secret made with `echo`, or a file with line ends of Windows, leaves one; without its value, which may be a key. */
export const lineBreakIn = (name: string, value: string | undefined): string | undefined =>
  /[\r\n]$/.test(value ?? '') ? `${name} ends with a line break: remove it` : undefined;
