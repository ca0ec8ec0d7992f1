import { runCommand } from '../../service/cli/run-command.ts'

/** The output and exit code of a command. */
export type CommandRun = { readonly code: number; readonly out: string; readonly err: string }

/** Runs a command that ends by itself. */
export async function runInTerminal(
  args: readonly string[],
  given: {
    readonly environment?: { readonly [name: string]: string }
    readonly directory?: string
  } = {}
): Promise<CommandRun> {
  const written: { readonly [stream in 'out' | 'err']: string[] } = { out: [], err: [] }
  const terminal = {
    out: (line: string) => void written.out.push(`${line}\n`),
    err: (line: string) => void written.err.push(`${line}\n`),
    environment: given.environment ?? {},
    directory: given.directory ?? process.cwd()
  }
  const code = await runCommand(args, terminal, async () => 'SIGINT')
  return { code, out: written.out.join(''), err: written.err.join('') }
}
