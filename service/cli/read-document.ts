import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { decodedText } from '../base/decoded-text.ts'
import { createConnector } from '../connector.ts'
import type { DocumentSource } from '../documents/document-source.ts'
import { linkDocument } from '../parse/link-document.ts'
import { unpackText } from '../documents/packed-text.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { parseDocument } from '../parse/parse-document.ts'
import { sourceParts } from '../documents/read-part.ts'
import { compileModel } from '../compiler/compile-model.ts'
import type { ConnectorModel } from '../model/connector-model.ts'
import type { Settings } from '../settings.ts'
import { allowUrls } from './allow-urls.ts'
import { CommandError, systemReason } from './command-error.ts'
import { fileParts, shownPath } from './file-parts.ts'
import type { Terminal } from './terminal.ts'

/** A document that a command was given, read and compiled. */
export type CommandDocument = { readonly document: ParsedDocument; readonly model: ConnectorModel }

/** A file that lies on the user's machine. */
type LocalFile = { readonly path: string; readonly text: string }

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
  const named = file === null ? [given] : (file.text.match(URLS) ?? [])
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
  const found = await source.read(location, null, new AbortController().signal, () => {})
  const document = parseDocument(unpackText(found.packed), found.contentType ?? '', found.url)
  return linkDocument(document, found.base, sourceParts(source, found, location, null), settings)
}

async function readLocalFile(given: string, { directory }: Terminal): Promise<LocalFile> {
  const path = resolve(directory, given)
  const bytes = await readFile(path).catch((error: unknown) => {
    const reason = systemReason(error)
    throw reason === undefined ? error : new CommandError(`"${given}" cannot be read: ${reason}`)
  })
  return { path, text: decodedText(bytes) }
}

async function fileDocument(
  source: DocumentSource,
  { path, text }: LocalFile,
  settings: Settings,
  { directory }: Terminal
): Promise<ParsedDocument> {
  const document = parseDocument(text, '', shownPath(path, directory))
  const readPart = fileParts(source, path, directory, settings)
  return linkDocument(document, pathToFileURL(path).href, readPart, settings)
}
