import { parseArgs } from 'node:util'

import { nearest } from '../base/nearest.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import type { Settings } from '../settings.ts'
import type { ExitCode, StopReason, Terminal } from './terminal.ts'
import { CommandError } from './terminal.ts'

const USAGE = `openapi-flow, a connector between flow platforms and any API

  openapi-flow serve                          runs the service, with settings from the environment
  openapi-flow check DOC [--strict] [--json]  lists the diagnostics of a document; logins are tried
                         [--offline]          without a password, unless it is offline
  openapi-flow preview DOC [--json]           shows the types and mappings that would be installed

DOC is a URL, a file, or sample:<name>.`

const COMMANDS = ['serve', 'check', 'preview'] as const

type Command = {
  readonly name: (typeof COMMANDS)[number]
  /** Such as `--json`; one with a value ends in `=…`. */
  readonly options: readonly string[]
  readonly documents: readonly string[]
}

/**
 * Runs a command of `openapi-flow` (docs/running.md#command-line).
 *
 * @param untilStopped Resolves with the reason when the service is to stop.
 * @returns The exit code.
 */
export async function runCommand(
  args: readonly string[],
  terminal: Terminal,
  untilStopped: () => Promise<StopReason>
): Promise<ExitCode> {
  try {
    const command = readCommand(args)
    if (command === undefined) {
      terminal.out(USAGE)
      return 0
    }
    const { readSettings } = await import('../read-settings.ts')
    const { settings, warnings } = readSettings(terminal.environment)
    for (const warning of warnings) terminal.err(`warning: ${warning}`)
    return await run(command, settings, terminal, untilStopped)
  } catch (error) {
    terminal.err(describeFailure(error))
    return 2
  }
}

/** Parses the arguments; undefined for `--help`. @throws CommandError for an unknown command. */
function readCommand(args: readonly string[]): Command | undefined {
  const { tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true
  })
  const [first, ...documents] = tokens.flatMap(token =>
    token.kind === 'positional' ? token.value : []
  )
  const options = tokens.flatMap(token =>
    token.kind === 'option' ? token.rawName + (token.value === undefined ? '' : '=…') : []
  )
  if (first === 'help' || options.includes('--help') || options.includes('-h')) return undefined
  if (first === undefined) throw new CommandError(USAGE)
  const name = COMMANDS.find(known => known === first)
  if (name !== undefined) return { name, options, documents }
  throw usageError(
    `there is no command "${first}"${suggestion(nearest(first, [...COMMANDS, 'help']))}`
  )
}

/** Loads each command's modules only when it runs, for a fast start. */
async function run(
  command: Command,
  settings: Settings,
  terminal: Terminal,
  untilStopped: () => Promise<StopReason>
): Promise<ExitCode> {
  const has = (option: string): boolean => command.options.includes(option)
  switch (command.name) {
    case 'serve': {
      refuseOtherOptions(command, [])
      if (command.documents.length > 0) throw usageError('openapi-flow serve takes no DOC')
      const { serve } = await import('./serve.ts')
      return serve(settings, terminal, untilStopped)
    }
    case 'check': {
      refuseOtherOptions(command, ['--strict', '--json', '--offline'])
      const { check } = await import('./check.ts')
      const options = {
        strict: has('--strict'),
        json: has('--json'),
        offline: has('--offline')
      }
      return check(onlyDocument(command), options, settings, terminal)
    }
    case 'preview': {
      refuseOtherOptions(command, ['--json'])
      const { preview } = await import('./preview.ts')
      return preview(onlyDocument(command), { json: has('--json') }, settings, terminal)
    }
    default:
      return command.name satisfies never
  }
}

function refuseOtherOptions({ name, options }: Command, known: readonly string[]): void {
  const other = options.find(option => !known.includes(option))
  if (other === undefined) return
  throw usageError(
    `openapi-flow ${name} has no option "${other}"${suggestion(nearest(other, known))}`
  )
}

function onlyDocument({ name, documents }: Command): string {
  const [document] = documents
  if (document !== undefined && documents.length === 1) return document
  throw usageError(`openapi-flow ${name} takes one DOC`)
}

function usageError(message: string): CommandError {
  return new CommandError(`${message}\n\n${USAGE}`)
}

/** The message of an error of the user, the document or the system; other messages are not shown. */
function describeFailure(error: unknown): string {
  if (error instanceof ConnectorError) {
    return `${error.message} [${error.code}]\n    ${error.remedy}`
  }
  if (!(error instanceof Error)) return 'the command failed'
  const isForUser = error instanceof CommandError || error.name === 'SettingsError'
  return isForUser || 'code' in error ? error.message : 'the command failed'
}
