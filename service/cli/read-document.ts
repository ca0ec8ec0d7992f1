import { readFile } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'

import { createConnector } from '../connector.ts'
import type { ParsedDocument } from '../document/parse-document.ts'
import { parseDocument } from '../document/parse-document.ts'
import { compileModel } from '../model/compile-model.ts'
import type { ConnectorModel } from '../model/types.ts'
import type { Settings } from '../settings.ts'
import { allowUrls } from './allow-urls.ts'
import { CommandError, systemReason } from './command-error.ts'
import type { Terminal } from './terminal.ts'

/** A document that a command was given, read and compiled. */
export type CommandDocument = { readonly document: ParsedDocument; readonly model: ConnectorModel }

/**
 * Reads the `DOC` of a command: an http or https URL, `sample:<name>`, or a file.
 *
 * @throws ConnectorError when it is no document; CommandError when a file cannot be read.
 */
export async function readDocument(
  given: string,
  settings: Settings,
  terminal: Terminal
): Promise<CommandDocument> {
  const document = /^(https?|sample):/i.test(given)
    ? await fetchDocument(given, settings)
    : await fileDocument(given, terminal)
  const bounds = { perType: settings.DERIVED_TYPES_PER_TYPE, total: settings.DERIVED_TYPES_MAX }
  return { document, model: compileModel(document, bounds) }
}

async function fetchDocument(location: string, settings: Settings): Promise<ParsedDocument> {
  // A command shares nothing with the service whose environment it may run in.
  const alone = { ...allowUrls(settings, [location]), REDIS_URL: '' }
  const connector = await createConnector(alone, { warn: () => {}, info: () => {} })
  try {
    const found = await connector.source.read(
      location,
      null,
      new AbortController().signal,
      () => {}
    )
    return parseDocument(found.text, found.contentType ?? '', found.url)
  } finally {
    await connector.close()
  }
}

async function fileDocument(given: string, terminal: Terminal): Promise<ParsedDocument> {
  const path = resolve(terminal.directory, given)
  const shown = relative(terminal.directory, path)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const reason = systemReason(error)
    throw reason === undefined ? error : new CommandError(`"${given}" cannot be read: ${reason}`)
  })
  const name = shown.startsWith('..') || isAbsolute(shown) ? path : shown
  return parseDocument(text.replace(/^\uFEFF/, ''), '', name)
}
