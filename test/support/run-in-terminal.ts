import { Readable } from 'node:stream'

import { runCommand } from '../../service/cli/run-command.ts'
import type { StopReason } from '../../service/cli/terminal.ts'

/** The output and exit code of a command. */
export type CommandRun = { readonly code: number; readonly out: string; readonly err: string }

/** Runs a command that ends by itself, or when `stopped` resolves. */
export async function runInTerminal(
  args: readonly string[],
  given: {
    readonly environment?: { readonly [name: string]: string }
    readonly directory?: string
    /** Standard input. */
    readonly input?: string
    readonly stopped?: Promise<StopReason>
  } = {}
): Promise<CommandRun> {
  const written: { readonly [stream in 'out' | 'err']: string[] } = { out: [], err: [] }
  const never = new Promise<StopReason>(() => {})
  const code = await runCommand(args, {
    out: line => void written.out.push(`${line}\n`),
    write: async text => void written.out.push(Buffer.from(text).toString()),
    err: line => void written.err.push(`${line}\n`),
    status: () => {},
    input: Readable.from(given.input === undefined ? [] : [Buffer.from(given.input)]),
    isShown: { out: false, err: false },
    environment: given.environment ?? {},
    directory: given.directory ?? process.cwd(),
    untilStopped: () => given.stopped ?? never
  })
  return { code, out: written.out.join(''), err: written.err.join('') }
}
