import { ConnectorError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { CommandError } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'

/** The DOC that is standard input. */
export const INPUT = '-'

/**
 * Reads a document from standard input, to its end.
 *
 * @throws CommandError if there is nothing; ConnectorError `DOCUMENT_TOO_LARGE`.
 */
export async function readInput(
  input: Terminal['input'],
  { DOCUMENT_MAX_BYTES }: Pick<Settings, 'DOCUMENT_MAX_BYTES'>
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > DOCUMENT_MAX_BYTES) {
      throw new ConnectorError('DOCUMENT_TOO_LARGE', { url: INPUT, limit: DOCUMENT_MAX_BYTES })
    }
    chunks.push(bytes)
  }
  if (length === 0) throw new CommandError('standard input has no document')
  return Buffer.concat(chunks)
}
