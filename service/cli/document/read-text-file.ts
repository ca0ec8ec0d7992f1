import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { decodeText } from '../../base/bytes.ts'
import { shownText } from '../shown-text.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError, systemReason } from '../terminal.ts'

/** The text of a file that a command was given. @throws CommandError for one that cannot be read. */
export async function readTextFile(
  name: string,
  { directory }: Pick<Terminal, 'directory'>
): Promise<string> {
  const bytes = await readFile(resolve(directory, name)).catch((error: unknown) => {
    const reason = systemReason(error)
    throw reason === undefined
      ? error
      : new CommandError(`"${shownText(name)}" cannot be read: ${reason}`)
  })
  return decodeText(bytes)
}
