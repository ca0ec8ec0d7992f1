import { COMMANDS } from './command-table.ts'
import { describeFailure } from './describe-failure.ts'
import { readCommand } from './read-command.ts'
import { renderHelp } from './render-help.ts'
import type { ExitCode, Terminal } from './terminal.ts'

/**
 * Runs a command of `openapi-flow` (docs/terminal.md#commands).
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
    if (typed.is === 'version') {
      const { serviceVersion } = await import('../plugins/service-version.ts')
      terminal.out(serviceVersion())
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
