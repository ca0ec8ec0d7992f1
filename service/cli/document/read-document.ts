import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { COMMON_ASKERS } from '../../base/askers.ts'
import { decodeText } from '../../base/bytes.ts'
import type { Connector } from '../../connector.ts'
import type { DocumentSource } from '../../documents/fetch-document.ts'
import type { PartLimits, PartReader } from '../../documents/gather-parts.ts'
import { gatherParts, createPartReader } from '../../documents/gather-parts.ts'
import { linkParts, outlinePart, outlineRoot, parseSource } from '../../documents/parse-source.ts'
import type { SourceDocument } from '../../documents/source-document.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { compileDocument } from '../../compiler/compile-document.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import type { CompileOptions } from '../../model/compile-options.ts'
import { USUAL_OPTIONS } from '../../model/compile-options.ts'
import type { Settings } from '../../settings.ts'
import { derivedTypeBounds } from '../../settings.ts'
import { CommandError, systemReason } from '../terminal.ts'
import { fileParts, fileSource, shownPath } from './file-parts.ts'
import type { Terminal } from '../terminal.ts'

/** The document of a command, parsed and compiled. */
export type CommandDocument = {
  readonly document: ParsedDocument
  readonly model: ConnectorModel
  /** What may be called although private: the URL of the document, or the URLs in a local file. */
  readonly urls: readonly string[]
}

/** Where relative file names begin. */
type Place = Pick<Terminal, 'directory'>

type LocalFile = { readonly path: string; readonly bytes: Uint8Array }

/** URLs in a local file, which may be called although private. */
const URLS = /https?:\/\/[^\s"'<>()[\]{}]+/g

/**
 * Reads the `DOC` of a command, an http or https URL, `sample:<name>` or a file, and its parts.
 *
 * @param options How it is compiled.
 * @throws ConnectorError for an unusable document; CommandError for a file that cannot be read.
 */
export async function readDocument(
  location: string,
  settings: Settings,
  terminal: Place,
  options: CompileOptions = USUAL_OPTIONS
): Promise<CommandDocument> {
  const { document, urls } = await parseLocation(location, settings, terminal)
  const model = compileDocument(document, derivedTypeBounds(settings), options)
  return { document, model, urls }
}

/** `readDocument` without its model. */
export async function parseLocation(
  location: string,
  settings: Settings,
  terminal: Place
): Promise<Omit<CommandDocument, 'model'>> {
  const file = /^(https?|sample):/i.test(location) ? null : await readLocalFile(location, terminal)
  const urls = file === null ? [location] : (decodeText(file.bytes).match(URLS) ?? [])
  const { source, close } = lazySource(settings, urls)
  try {
    const document =
      file === null
        ? await fetchDocument(source, location, settings)
        : await fileDocument(source, file, settings, terminal)
    return { document, urls }
  } finally {
    await close()
  }
}

/** A source that is created when something is read from it, since most local files refer to nothing else. */
function lazySource(
  settings: Settings,
  urls: readonly string[]
): { readonly source: DocumentSource; readonly close: () => Promise<void> } {
  let opened: Promise<Connector> | undefined
  const open = async (): Promise<Connector> => {
    const [{ createConnector }, { allowUrls }] = await Promise.all([
      import('../../connector.ts'),
      import('./allow-urls.ts')
    ])
    // A command does not share state with a service that may run in the same environment.
    const isolated = { ...allowUrls(settings, urls), REDIS_URL: '', METRICS: 'off' as const }
    return createConnector(isolated, { warn: () => {}, info: () => {} })
  }
  return {
    source: {
      async read(request, reading) {
        opened ??= open()
        return (await opened).source.read(request, reading)
      }
    },
    async close() {
      await (await opened)?.close()
    }
  }
}

async function fetchDocument(
  source: DocumentSource,
  location: string,
  settings: Settings
): Promise<ParsedDocument> {
  const request = { location, token: null }
  const root = await source.read(request, {
    use: 'document',
    minFetchedAt: 0,
    assertUsable: () => {},
    askers: COMMON_ASKERS
  })
  return withParts(root, createPartReader(source, root, request, COMMON_ASKERS), settings)
}

async function readLocalFile(name: string, { directory }: Place): Promise<LocalFile> {
  const path = resolve(directory, name)
  const bytes = await readFile(path).catch((error: unknown) => {
    const reason = systemReason(error)
    throw reason === undefined ? error : new CommandError(`"${name}" cannot be read: ${reason}`)
  })
  return { path, bytes }
}

async function fileDocument(
  source: DocumentSource,
  { path, bytes }: LocalFile,
  settings: Settings,
  { directory }: Place
): Promise<ParsedDocument> {
  const file = await fileSource(pathToFileURL(path).href, shownPath(path, directory), bytes)
  return withParts(file, fileParts(source, path, directory, settings), settings)
}

/** Parses a document and links it with its parts. */
async function withParts(
  root: SourceDocument,
  read: PartReader,
  limits: PartLimits
): Promise<ParsedDocument> {
  const document = parseSource(root)
  const outlineOf = async (part: SourceDocument) => outlinePart(part, root.base)
  const ports = { read, outline: outlineOf, askers: COMMON_ASKERS }
  const outline = outlineRoot(document, root)
  const gathered = outline && (await gatherParts(root, outline, ports, limits))
  return linkParts(document, root, gathered)
}
