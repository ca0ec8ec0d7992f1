import type { Settings } from '../settings.ts'
import type { SharedRateLimit } from '../store/shared-rate-limit.ts'
import type { ExitCode, Terminal } from './terminal.ts'

/** A command of `openapi-flow`: what help says of it, and what runs it. */
export type Command = {
  readonly name: string
  /** What follows the name, such as `DOC`; one in brackets may be left out. */
  readonly operands: readonly string[]
  /** One clause that says what the command does. */
  readonly does: string
  readonly options: readonly CommandOption[]
  /** Complete command lines. */
  readonly examples: readonly string[]
  /** Loads what the command runs, and nothing that other commands run, for a fast start. */
  readonly load: () => Promise<CommandRun>
}

export type CommandOption = {
  readonly name: `--${string}`
  /** A second, shorter name. */
  readonly short?: `-${string}`
  /** The word for its value in help, such as `FILE`; absent for an option that is only given or not. */
  readonly value?: string
  /** It may be given several times. */
  readonly repeats?: true
  readonly does: string
}

export type CommandRun = (input: CommandInput, context: CommandContext) => Promise<ExitCode>

/** What the user typed. */
export type CommandInput = {
  /** Without those that were left out. */
  readonly operands: readonly string[]
  /** Whether an option was given. */
  has(option: CommandOption): boolean
  /** The value of an option, the last one if it was given several times; undefined if it was not given. */
  value(option: CommandOption): string | undefined
  /** The values of an option in their order. */
  values(option: CommandOption): readonly string[]
}

/** Where a command runs. */
export type CommandContext = {
  readonly settings: Settings
  readonly terminal: Terminal
  /** The rate limits of others who call the same APIs. Default: each command keeps its own. */
  readonly rateLimit?: SharedRateLimit
}

/** How a command is typed, with the options in brackets. */
export function usageOf({ name, operands, options }: Command): string {
  const shown = options.map(option => `[${shownOption(option)}${option.repeats ? ' …' : ''}]`)
  return ['openapi-flow', name, ...operands, ...shown].join(' ')
}

/** An option with the word for its value. */
export function shownOption({ name, short, value }: CommandOption): string {
  const names = short === undefined ? name : `${short}, ${name}`
  return value === undefined ? names : `${names} ${value}`
}
