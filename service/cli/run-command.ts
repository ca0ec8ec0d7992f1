import { ConnectorError } from '../errors.ts'
import { COMMANDS } from './command-table.ts'
import { readCommand } from './read-command.ts'
import { renderHelp } from './render-help.ts'
import type { ExitCode, Terminal } from './terminal.ts'
import { CommandError } from './terminal.ts'

/**
 * Runs a command of `openapi-flow` (docs/running.md#command-line).
 *
 * @returns The exit code.
 */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    const typed = readCommand(args, COMMANDS)
    if (typed.is === 'help') {
      terminal.out(renderHelp(typed.of, COMMANDS))
      return 0
    }
    const { readSettings } = await import('../read-settings.ts')
    const { settings, warnings } = readSettings(terminal.environment)
    for (const warning of warnings) terminal.err(`warning: ${warning}`)
    const run = await typed.command.load()
    return await run(typed.input, { settings, terminal })
  } catch (error) {
    terminal.err(describeFailure(error))
    return 2
  }
}

/** The message of an error of the user, the document or the system; other messages are not shown. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConnectorError) {
    return `${error.message} [${error.code}]\n    ${error.remedy}`
  }
  if (!(error instanceof Error)) return 'the command failed'
  const isForUser = error instanceof CommandError || error.name === 'SettingsError'
  return isForUser || 'code' in error ? error.message : 'the command failed'
}
