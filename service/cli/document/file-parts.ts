import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { COMMON_ASKERS } from '../../base/askers.ts'
import type { DocumentSource } from '../../documents/fetch-document.ts'
import type { PartLimits, PartReader } from '../../documents/gather-parts.ts'
import type { SourceDocument } from '../../documents/source-document.ts'
import { packText } from '../../documents/source-document.ts'
import { ConnectorError } from '../../errors.ts'
import { systemReason } from '../terminal.ts'

/**
 * Reads the parts of a document in a local file: other documents on the network, and files in the document's
 * folder or below. Symbolic links out of that folder are refused.
 *
 * @param path Absolute path of the document.
 * @param directory Directory to which file names in diagnostics are relative.
 */
export function fileParts(
  source: DocumentSource,
  path: string,
  directory: string,
  limits: PartLimits
): PartReader {
  return (url, assertUsable) =>
    url.startsWith('file:')
      ? readFilePart(url, dirname(path), directory, limits.DOCUMENT_MAX_BYTES)
      : source.read(
          { location: url, token: null },
          {
            use: 'part',
            minFetchedAt: 0,
            assertUsable,
            askers: COMMON_ASKERS
          }
        )
}

export async function fileSource(
  url: string,
  shown: string,
  bytes: Uint8Array
): Promise<SourceDocument> {
  const hash = createHash('sha256').update(bytes).digest('hex')
  const packed = await packText(bytes)
  const metadata = { contentType: null, fetchedAt: 0, stale: null }
  return { key: url, url: shown, base: url, packed, hash, ...metadata }
}

/** The name of a file in diagnostics: relative if it is in the directory or below. */
export function shownPath(path: string, directory: string): string {
  const shown = relative(directory, path)
  return shown.startsWith('..') || isAbsolute(shown) ? path : shown
}

async function readFilePart(
  url: string,
  folder: string,
  directory: string,
  maxBytes: number
): Promise<SourceDocument> {
  const path = localPath(url)
  const shown = shownPath(path, directory)
  try {
    const real = await realpath(path)
    if (!real.startsWith((await realpath(folder)) + sep)) {
      throw unreadable(shown, 'a link leads out of the folder of the document')
    }
    const stats = await stat(real)
    if (!stats.isFile()) throw unreadable(shown, 'it is not a file')
    if (stats.size > maxBytes) {
      throw new ConnectorError('DOCUMENT_TOO_LARGE', { url: shown, limit: maxBytes })
    }
    return await fileSource(url, shown, await readFile(real))
  } catch (error) {
    const reason = systemReason(error)
    throw reason === undefined ? error : unreadable(shown, reason)
  }
}

/** Some file URLs, such as those with an encoded slash, have no path. */
function localPath(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    throw unreadable(url, 'it is not a file path')
  }
}

function unreadable(url: string, reason: string): ConnectorError {
  return new ConnectorError('DOCUMENT_UNREACHABLE', { url, reason })
}
