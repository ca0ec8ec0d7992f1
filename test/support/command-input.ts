import { Readable } from 'node:stream'

import type { CommandInput } from '../../service/cli/command.ts'
import type { Terminal } from '../../service/cli/terminal.ts'

/** What a user typed: options with their values. */
export function commandInput(options: {
  readonly [name: string]: string | readonly string[]
}): CommandInput {
  const given = new Map(Object.entries(options).map(([name, value]) => [name, [value].flat()]))
  return {
    operands: [],
    has: ({ name }) => given.has(name),
    value: ({ name }) => given.get(name)?.at(-1),
    values: ({ name }) => given.get(name) ?? []
  }
}

/** A terminal without input, and the lines on its standard error. */
export function quietTerminal({
  environment = {},
  directory = process.cwd()
}: Partial<Pick<Terminal, 'environment' | 'directory'>> = {}): {
  readonly terminal: Terminal
  readonly said: readonly string[]
} {
  const said: string[] = []
  const terminal: Terminal = {
    out: () => {},
    write: async () => {},
    err: line => void said.push(line),
    status: () => {},
    input: Readable.from([]),
    isShown: { out: false, err: false },
    environment,
    directory,
    untilStopped: () => new Promise(() => {})
  }
  return { terminal, said }
}
