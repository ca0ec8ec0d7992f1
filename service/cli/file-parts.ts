import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { DocumentSource } from '../documents/fetch-document.ts'
import type { PartLimits, PartReader } from '../documents/gather-parts.ts'
import type { SourceDocument } from '../documents/source-document.ts'
import { packText } from '../documents/source-document.ts'
import { ConnectorError } from '../errors.ts'
import { systemReason } from './command-error.ts'

/**
 * Reads what a document in a local file refers to: files below its own folder, whatever links lead out
 * of it, and documents on the network.
 *
 * @param path Of the document, absolute.
 * @param directory From which files are named.
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
      : source.read({ location: url, token: null }, { use: 'part', minFetchedAt: 0, assertUsable })
}

/** A file as a document. */
export async function fileSource(
  url: string,
  shown: string,
  bytes: Uint8Array
): Promise<SourceDocument> {
  const hash = createHash('sha256').update(bytes).digest('hex')
  const packed = await packText(bytes)
  const facts = { contentType: null, fetchedAt: 0, stale: null }
  return { key: url, url: shown, base: url, packed, hash, ...facts }
}

/** A file as diagnostics name it: from the directory, where it lies below that. */
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
    const facts = await stat(real)
    if (!facts.isFile()) throw unreadable(shown, 'it is no file')
    if (facts.size > maxBytes) {
      throw new ConnectorError('DOCUMENT_TOO_LARGE', { url: shown, limit: maxBytes })
    }
    return await fileSource(url, shown, await readFile(real))
  } catch (error) {
    const reason = systemReason(error)
    throw reason === undefined ? error : unreadable(shown, reason)
  }
}

/** Some URLs of files, such as those with an encoded slash, are no paths. */
function localPath(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    throw unreadable(url, 'it is no path')
  }
}

function unreadable(url: string, reason: string): ConnectorError {
  return new ConnectorError('DOCUMENT_UNREACHABLE', { url, reason })
}
