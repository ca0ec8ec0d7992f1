import { parseArgs } from 'node:util'

import { nearest } from '../base/nearest.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { CommandError } from './command-error.ts'
import type { ExitCode, StopReason, Terminal } from './terminal.ts'

const USAGE = `openapi-flow, a connector between flow platforms and any API

  openapi-flow serve                          listens, with settings from the environment
  openapi-flow check DOC [--strict] [--json]  diagnostics, like a compiler's
  openapi-flow preview DOC [--json]           the types and mappings that would be installed

DOC is a URL, a file, or sample:<name>.`

const COMMANDS = ['serve', 'check', 'preview'] as const

/** A command as it was typed. */
type Command = {
  readonly name: (typeof COMMANDS)[number]
  /** As `--json`; one that was given a value ends in `=…`. */
  readonly options: readonly string[]
  readonly documents: readonly string[]
}

/**
 * Runs one command of `openapi-flow` (design 6).
 *
 * @param untilStopped Resolves when a running service is to stop, with the reason.
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
    const { readSettings } = await import('../settings.ts')
    const { settings, warnings } = readSettings(terminal.environment)
    for (const warning of warnings) terminal.err(`warning: ${warning}`)
    return await run(command, settings, terminal, untilStopped)
  } catch (error) {
    terminal.err(describeFailure(error))
    return 2
  }
}

/** The command that was typed; undefined for a cry for help. @throws CommandError for no command of ours. */
function readCommand(args: readonly string[]): Command | undefined {
  const { tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true
  })
  const [given, ...documents] = tokens.flatMap(token =>
    token.kind === 'positional' ? token.value : []
  )
  const options = tokens.flatMap(token =>
    token.kind === 'option' ? token.rawName + (token.value === undefined ? '' : '=…') : []
  )
  if (given === 'help' || options.includes('--help') || options.includes('-h')) return undefined
  if (given === undefined) throw new CommandError(USAGE)
  const name = COMMANDS.find(known => known === given)
  if (name !== undefined) return { name, options, documents }
  const meant = suggestion(nearest(given, [...COMMANDS, 'help']))
  throw wrong(`there is no command "${given}"${meant}`)
}

/** Each command loads what it runs, and nothing else. */
async function run(
  command: Command,
  settings: Settings,
  terminal: Terminal,
  untilStopped: () => Promise<StopReason>
): Promise<ExitCode> {
  const has = (option: string): boolean => command.options.includes(option)
  switch (command.name) {
    case 'serve': {
      refuseOthers(command, [])
      if (command.documents.length > 0) throw wrong('openapi-flow serve takes no DOC')
      const { serve } = await import('./serve.ts')
      return serve(settings, terminal, untilStopped)
    }
    case 'check': {
      refuseOthers(command, ['--strict', '--json'])
      const { check } = await import('./check.ts')
      const options = { strict: has('--strict'), json: has('--json') }
      return check(onlyDocument(command), options, settings, terminal)
    }
    case 'preview': {
      refuseOthers(command, ['--json'])
      const { preview } = await import('./preview.ts')
      return preview(onlyDocument(command), { json: has('--json') }, settings, terminal)
    }
    default:
      return command.name satisfies never
  }
}

function refuseOthers({ name, options }: Command, known: readonly string[]): void {
  const other = options.find(option => !known.includes(option))
  if (other === undefined) return
  throw wrong(`openapi-flow ${name} has no option "${other}"${suggestion(nearest(other, known))}`)
}

function onlyDocument({ name, documents }: Command): string {
  const [document] = documents
  if (document !== undefined && documents.length === 1) return document
  throw wrong(`openapi-flow ${name} takes one DOC`)
}

function wrong(message: string): CommandError {
  return new CommandError(`${message}\n\n${USAGE}`)
}

/** What the user did or gave that cannot be done; our own failures are told without their insides. */
function describeFailure(error: unknown): string {
  if (error instanceof ConnectorError) {
    return `${error.message} [${error.code}]\n    ${error.remedy}`
  }
  if (!(error instanceof Error)) return 'the command failed'
  const isOurs = error instanceof CommandError || error.name === 'SettingsError'
  return isOurs || 'code' in error ? error.message : 'the command failed'
}
