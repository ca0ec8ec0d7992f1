import type { Command, CommandOption } from '../command.ts'

/** Writes a script for bash 4 or newer. What is no command and no option is completed as a file name. */
export function renderBash(commands: readonly Command[]): string {
  const names = [...commands.map(({ name }) => name), 'help'].join(' ')
  const cases = commands.map(({ name, options }) => {
    const words = [...options.map(option => option.name), '--help'].join(' ')
    return `    ${name}) options='${words}' ;;`
  })
  return `_openapi_flow() {
  local word=\${COMP_WORDS[COMP_CWORD]} options='--help'
  if [ "$COMP_CWORD" -eq 1 ] || { [ "$COMP_CWORD" -eq 2 ] && [ "\${COMP_WORDS[1]}" = help ]; }; then
    mapfile -t COMPREPLY < <(compgen -W '${names}' -- "$word")
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  esac
}
complete -o filenames -F _openapi_flow openapi-flow`
}

/** Writes a function for the `fpath` of zsh, which shows what commands and options do. */
export function renderZsh(commands: readonly Command[]): string {
  const names = commands.map(({ name, does }) => `    ${quoted(`${name}:${does}`)}`)
  const cases = commands.map(({ name, options }) => {
    const specs = [...options.map(zshOption), quoted('--help[shows what the command does]')]
    return `    ${name}) _arguments ${specs.join(' ')} ${quoted('*:file:_files')} ;;`
  })
  return `#compdef openapi-flow
_openapi_flow() {
  local -a commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
_openapi_flow "$@"`
}

function zshOption({ name, value, repeats, does }: CommandOption): string {
  const text = does.replace(/[[\]\\:]/g, String.raw`\$&`)
  const argument =
    value === undefined
      ? ''
      : `:${value.replaceAll(':', String.raw`\:`)}:${value === 'FILE' ? '_files' : ''}`
  return quoted(`${repeats === true ? '*' : ''}${name}[${text}]${argument}`)
}

/** A word of the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
