import { parseArgs } from 'node:util'

import { nearest } from '../base/nearest.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { readSettings, SettingsError } from '../settings.ts'
import { check } from './check.ts'
import { preview } from './preview.ts'
import { startService } from './serve.ts'
import type { ExitCode, Terminal } from './terminal.ts'

const USAGE = `openapi-flow, a connector between flow platforms and any API

  openapi-flow serve                          listens, with settings from the environment
  openapi-flow check DOC [--strict] [--json]  findings, like a compiler's
  openapi-flow preview DOC [--json]           the types and mappings that would be installed

DOC is a URL, a file, or sample:<name>.`

/** A command as it was typed. */
type Command = {
  readonly name: string
  readonly documents: readonly string[]
  readonly strict: boolean
  readonly json: boolean
}

/**
 * Runs one command of `openapi-flow` (design 6).
 *
 * @param untilStopped Resolves when a running service is to stop.
 * @returns The exit code.
 */
export async function runCommand(
  args: readonly string[],
  terminal: Terminal,
  untilStopped: () => Promise<void>
): Promise<ExitCode> {
  try {
    const command = readCommand(args)
    if (command === undefined) {
      terminal.out(USAGE)
      return 0
    }
    const { settings, warnings } = readSettings(terminal.environment)
    for (const warning of warnings) terminal.err(`warning: ${warning}`)
    return await run(command, settings, terminal, untilStopped)
  } catch (error) {
    terminal.err(describeFailure(error))
    return 2
  }
}

class CommandError extends Error {
  override readonly name = 'CommandError'
}

function readCommand(args: readonly string[]): Command | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      strict: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  const [name, ...documents] = positionals
  if (values.help || name === 'help') return undefined
  if (name === undefined) throw new CommandError(USAGE)
  return { name, documents, strict: values.strict, json: values.json }
}

async function run(
  command: Command,
  settings: Settings,
  terminal: Terminal,
  untilStopped: () => Promise<void>
): Promise<ExitCode> {
  switch (command.name) {
    case 'serve': {
      const service = await startService(settings)
      terminal.out(`openapi-flow listens at ${service.url}`)
      await untilStopped()
      await service.stop()
      return 0
    }
    case 'check':
      return check(onlyDocument(command), command, settings, terminal)
    case 'preview':
      return preview(onlyDocument(command), command, settings, terminal)
    default: {
      const meant = suggestion(nearest(command.name, ['serve', 'check', 'preview', 'help']))
      throw new CommandError(`there is no command "${command.name}"${meant}\n\n${USAGE}`)
    }
  }
}

function onlyDocument({ name, documents }: Command): string {
  const [document] = documents
  if (document !== undefined && documents.length === 1) return document
  throw new CommandError(`openapi-flow ${name} takes one DOC\n\n${USAGE}`)
}

/** One line for what the user did or gave; our own failures are told without their insides. */
function describeFailure(error: unknown): string {
  if (error instanceof ConnectorError)
    return `${error.message} [${error.code}]\n    ${error.remedy}`
  if (error instanceof SettingsError || error instanceof CommandError) return error.message
  if (error instanceof Error && 'code' in error) {
    return String(error.code).startsWith('ERR_PARSE_ARGS')
      ? `${error.message}\n\n${USAGE}`
      : error.message
  }
  return 'the command failed'
}
