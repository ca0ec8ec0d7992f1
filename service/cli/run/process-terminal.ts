import { Readable } from 'node:stream'

import type { Terminal } from '../terminal.ts'

/**
 * The terminal of a process that performs parts of a run for a command: nobody sees it, and the command ends it.
 *
 * @param given What becomes of its lines, and where it is. Default of `out`: nothing.
 */
export function processTerminal(
  given: Pick<Terminal, 'err' | 'environment' | 'directory'> &
    Partial<Pick<Terminal, 'out' | 'input'>>
): Terminal {
  const { out = () => {}, input = Readable.from([]) } = given
  return {
    ...given,
    ...{ out, input, status: () => {}, isShown: { out: false, err: false } },
    write: async text => out(Buffer.from(text).toString()),
    untilStopped: () => new Promise<never>(() => {})
  }
}
