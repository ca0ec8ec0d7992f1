import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { decodeText } from '../base/bytes.ts'
import { createConnector } from '../connector.ts'
import type { DocumentSource } from '../documents/fetch-document.ts'
import type { PartLimits, PartReader } from '../documents/gather-parts.ts'
import { gatherParts, createPartReader } from '../documents/gather-parts.ts'
import { linkParts, outlinePart, outlineRoot, parseSource } from '../documents/parse-source.ts'
import type { SourceDocument } from '../documents/source-document.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { compileModel } from '../compiler/compile-model.ts'
import type { ConnectorModel } from '../model/connector-model.ts'
import type { Settings } from '../settings.ts'
import { allowUrls } from './allow-urls.ts'
import { CommandError, systemReason } from './command-error.ts'
import { fileParts, fileSource, shownPath } from './file-parts.ts'
import type { Terminal } from './terminal.ts'

/** A document that a command was given, read and compiled. */
export type CommandDocument = { readonly document: ParsedDocument; readonly model: ConnectorModel }

/** A file that lies on the user's machine. */
type LocalFile = { readonly path: string; readonly bytes: Uint8Array }

/** What a file on the user's machine names may be called, private or not. */
const URLS = /https?:\/\/[^\s"'<>()[\]{}]+/g

/**
 * Reads the `DOC` of a command: an http or https URL, `sample:<name>`, or a file; with the documents
 * that it refers to.
 *
 * @throws ConnectorError when it is no document; CommandError when a file cannot be read.
 */
export async function readDocument(
  given: string,
  settings: Settings,
  terminal: Terminal
): Promise<CommandDocument> {
  const file = /^(https?|sample):/i.test(given) ? null : await readLocalFile(given, terminal)
  const named = file === null ? [given] : (decodeText(file.bytes).match(URLS) ?? [])
  // A command shares nothing with the service whose environment it may run in, and nobody asks for counts.
  const alone = { ...allowUrls(settings, named), REDIS_URL: '', METRICS: 'off' as const }
  const connector = await createConnector(alone, { warn: () => {}, info: () => {} })
  try {
    const document =
      file === null
        ? await fetchDocument(connector.source, given, settings)
        : await fileDocument(connector.source, file, settings, terminal)
    const bounds = { perType: settings.DERIVED_TYPES_PER_TYPE, total: settings.DERIVED_TYPES_MAX }
    return { document, model: compileModel(document, bounds) }
  } finally {
    await connector.close()
  }
}

async function fetchDocument(
  source: DocumentSource,
  location: string,
  settings: Settings
): Promise<ParsedDocument> {
  const request = { location, token: null }
  const found = await source.read(request, {
    use: 'document',
    minFetchedAt: 0,
    assertUsable: () => {}
  })
  return withParts(found, createPartReader(source, found, request), settings)
}

async function readLocalFile(given: string, { directory }: Terminal): Promise<LocalFile> {
  const path = resolve(directory, given)
  const bytes = await readFile(path).catch((error: unknown) => {
    const reason = systemReason(error)
    throw reason === undefined ? error : new CommandError(`"${given}" cannot be read: ${reason}`)
  })
  return { path, bytes }
}

async function fileDocument(
  source: DocumentSource,
  { path, bytes }: LocalFile,
  settings: Settings,
  { directory }: Terminal
): Promise<ParsedDocument> {
  const file = await fileSource(pathToFileURL(path).href, shownPath(path, directory), bytes)
  return withParts(file, fileParts(source, path, directory, settings), settings)
}

/** Parses a document, and links it to the documents that it refers to. */
async function withParts(
  root: SourceDocument,
  read: PartReader,
  limits: PartLimits
): Promise<ParsedDocument> {
  const document = parseSource(root)
  const ports = { read, outline: async (part: SourceDocument) => outlinePart(part, root.base) }
  const outline = outlineRoot(document, root)
  const gathered = outline && (await gatherParts(root, outline, ports, limits))
  return linkParts(document, root, gathered)
}
