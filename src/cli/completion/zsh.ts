import type { CommandWords, OptionWords, Values } from './words';

/** A script that zsh sources, or finds as `_<name>` in its `fpath`. */
export function zshScript(name: string, commands: CommandWords[], own: CommandWords): string {
  const described = commands.map((each) => `    ${quoted(`${each.name}:${each.about}`)}`);
  const options = own.options.map(({ long, about }) => `    ${quoted(`${long}:${about}`)}`);
  const cases = commands.map(
    (command) => `    ${command.name})\n      _arguments \\\n${argumentsOf(command)}\n      ;;`,
  );
  return `#compdef ${name}
# Completion of ${name} for zsh. Use: source <(${name} completion zsh)
_${name}() {
  local -a commands options
  commands=(
${described.join('\n')}
  )
  options=(
${options.join('\n')}
  )
  if (( CURRENT == 2 )); then
    if [[ $PREFIX == -* ]]; then
      _describe -t options option options
    else
      _describe -t commands command commands
    fi
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function argumentsOf({ options, arguments: all }: CommandWords): string {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...all.map((each, i) => `${each.isVariadic ? '*' : i + 1}:${each.name}:${actionOf(each)}`),
  ];
  return specs.map((spec) => `        ${quoted(spec)}`).join(' \\\n');
}

function optionSpecs({ short, long, about, values, isRepeated }: OptionWords): string[] {
  const flags = short ? [short, long] : [long];
  const before = isRepeated ? '*' : `(${flags.join(' ')})`;
  const value = values ? `${values.isOptional ? '::' : ':'}value:${actionOf(values)}` : '';
  return flags.map((flag) => `${before}${flag}[${about.replace(/[[\]:\\]/g, '\\$&')}]${value}`);
}

// `_values` does not offer again what the list has.
const actionOf = ({ words, isFile, isList }: Values): string =>
  isList
    ? ` _values -s , value ${words.join(' ')}`
    : isFile
      ? '_files'
      : words.length > 0
        ? `(${words.join(' ')})`
        : ' ';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
