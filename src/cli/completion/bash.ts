import type { CommandWords, Values } from './words';

/** A script that bash sources. */
export function bashScript(name: string, commands: CommandWords[], own: CommandWords): string {
  const identifier = `_${name.replaceAll('-', '_')}`;
  const afterOption = commands.flatMap(({ name: command, options }) =>
    options.flatMap(({ short, long, values }) =>
      values && !values.isOptional
        ? [
            `    ${[short, long].flatMap((flag) => (flag ? `"${command} ${flag}"` : [])).join('|')}) ${reply(values)} return ;;`,
          ]
        : [],
    ),
  );
  const words = commands.map(({ name: command, options, arguments: all }) => {
    const flags = options.flatMap(({ short, long }) => [long, ...(short ? [short] : [])]);
    const values = all.flatMap((each) => each.words);
    const files = all.some(({ isFile }) => isFile) ? ' [[ $cur == -* ]] || COMPREPLY+=($(compgen -f -- "$cur"))' : '';
    return `    ${command}) ${reply({ words: [...flags, ...values], isFile: false })}${files} ;;`;
  });
  const top = [...commands.map((each) => each.name), ...own.options.map(({ long }) => long)];
  return `# Completion of ${name} for bash. Use: source <(${name} completion bash)
${identifier}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} != -* ]]; then
      command=\${COMP_WORDS[i]}
      break
    fi
  done
  case "$command $prev" in
${afterOption.join('\n')}
  esac
  case "$command" in
    "") ${reply({ words: top, isFile: false })} ;;
${words.join('\n')}
  esac
}
complete -o filenames -F ${identifier} ${name}
`;
}

function reply({ words, isFile, isList }: Values): string {
  // Behind the last comma, what is not before it.
  const before = '${cur%"${cur##*,}"}';
  if (isList)
    return `for i in ${words.join(' ')}; do [[ ,${before} == *,$i,* ]] || COMPREPLY+=($(compgen -P "${before}" -W "$i" -- "\${cur##*,}")); done;`;
  if (isFile) return 'COMPREPLY=($(compgen -f -- "$cur"));';
  return words.length > 0 ? `COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$cur"));` : '';
}
