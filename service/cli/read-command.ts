import { parseArgs } from 'node:util'

import { nearest } from '../base/nearest.ts'
import { suggestion } from '../errors.ts'
import type { Command, CommandInput, CommandOption } from './command.ts'
import { usageOf } from './command.ts'
import { renderHelp } from './render-help.ts'
import { CommandError } from './terminal.ts'

/** A command as it was typed. */
export type TypedCommand =
  | { readonly is: 'run'; readonly command: Command; readonly input: CommandInput }
  /** Null: of all commands. */
  | { readonly is: 'help'; readonly of: Command | null }
  | { readonly is: 'version' }

/** An option as it was typed; `value` is undefined for one without. */
type TypedOption = { readonly name: string; readonly value: string | undefined }

/**
 * Reads the arguments of the command line. Options may stand anywhere before `--`.
 *
 * @throws CommandError for an unknown command or option, a value that is missing or not expected, and a wrong
 *   number of operands. The message shows how the command is typed.
 */
export function readCommand(args: readonly string[], commands: readonly Command[]): TypedCommand {
  const { operands: words, options } = readWords(args, commands)
  const [name, ...operands] = words
  const asksForHelp = options.some(option => ['--help', '-h'].includes(option.name))
  if (name === 'help') return { is: 'help', of: commandNamed(operands[0], commands) ?? null }
  if (name === undefined) {
    if (asksForHelp) return { is: 'help', of: null }
    if (options.some(option => option.name === '--version')) return { is: 'version' }
    const [unknown] = options
    const reason =
      unknown === undefined ? '' : `there is no option "${unknown.name}" without a command\n\n`
    throw new CommandError(reason + renderHelp(null, commands))
  }
  const command = commandNamed(name, commands)
  if (asksForHelp) return { is: 'help', of: command ?? null }
  if (command === undefined) {
    const known = [...commands.map(other => other.name), 'help']
    const message = `there is no command "${name}"${suggestion(nearest(name, known))}`
    throw new CommandError(`${message}\n\n${renderHelp(null, commands)}`)
  }
  const input = inputOf(command, operands, options)
  assertOperands(command, operands)
  return { is: 'run', command, input }
}

/** Splits the arguments. Whether an option has a value is the same for all commands. */
function readWords(
  args: readonly string[],
  commands: readonly Command[]
): { readonly operands: readonly string[]; readonly options: readonly TypedOption[] } {
  const known = commands.flatMap(({ options }) => options)
  const withValue = known.filter(({ value }) => value !== undefined)
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(withValue.flatMap(parsedOptions)),
    allowPositionals: true,
    strict: false,
    tokens: true
  })
  const operands: string[] = []
  const options: TypedOption[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    // What begins like an option is not the value of the option before.
    const isOption = token.inlineValue === false && token.value?.startsWith('--') === true
    const { rawName: name, value } = token
    options.push({ name, value: isOption ? undefined : value })
    if (isOption) options.push({ name: token.value ?? '', value: undefined })
  }
  return { operands, options }
}

/** What the parser is told of an option with a value: a short name is an option of its own. */
function parsedOptions({ name, short }: CommandOption) {
  const parsed = { type: 'string', multiple: true } as const
  const letter = short?.slice(1)
  const long = [name.slice(2), parsed] as const
  return letter === undefined ? [long] : [long, [letter, { ...parsed, short: letter }] as const]
}

function commandNamed(name: string | undefined, commands: readonly Command[]): Command | undefined {
  return commands.find(command => command.name === name)
}

function assertOperands(command: Command, operands: readonly string[]): void {
  const { name, operands: expected } = command
  const required = expected.filter(operand => !operand.startsWith('['))
  const blank = expected[operands.findIndex(operand => operand.trim() === '')]
  if (blank !== undefined) throw usageError(command, `${blank} of openapi-flow ${name} is blank`)
  if (operands.length >= required.length && operands.length <= expected.length) return
  const takes = expected.length === 0 ? 'no operands' : expected.join(' ')
  throw usageError(command, `openapi-flow ${name} takes ${takes}`)
}

function inputOf(
  command: Command,
  operands: readonly string[],
  typed: readonly TypedOption[]
): CommandInput {
  const values = new Map<string, string[]>()
  for (const { name: given, value } of typed) {
    const option = optionNamed(command, given)
    const { name } = option
    if (option.value === undefined && value !== undefined) {
      throw usageError(command, `${name} takes no value`)
    }
    if (option.value !== undefined && value === undefined) {
      throw usageError(command, `${name} needs a value: ${name} ${option.value}`)
    }
    values.set(name, [...(values.get(name) ?? []), value ?? ''])
  }
  for (const { name, repeats } of command.options) {
    if (repeats !== true && (values.get(name)?.length ?? 0) > 1) {
      throw usageError(command, `${name} is given more than once`)
    }
  }
  return {
    operands,
    has: ({ name }) => values.has(name),
    value: ({ name }) => values.get(name)?.at(-1),
    values: ({ name }) => values.get(name) ?? []
  }
}

function optionNamed(command: Command, name: string): CommandOption {
  const known = command.options.find(option => name === option.name || name === option.short)
  if (known !== undefined) return known
  const names = command.options.map(option => option.name)
  throw usageError(
    command,
    `openapi-flow ${command.name} has no option "${name}"${suggestion(nearest(name, names))}`
  )
}

/** A wrong use of a command, with the right one. */
function usageError(command: Command, message: string): CommandError {
  return new CommandError(
    `${message}\n\n${usageOf(command)}\n\nMore with: openapi-flow ${command.name} --help`
  )
}
