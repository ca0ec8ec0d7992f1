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
import type { DocumentRequest, SourceDocument } from '../../documents/source-document.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { compileDocument } from '../../compiler/compile-document.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import type { Responses } from '../../model/mapping-record.ts'
import type { TlsTrust } from '../../net/egress.ts'
import type { Settings } from '../../settings.ts'
import { derivedTypeBounds } from '../../settings.ts'
import { CommandError, systemReason } from '../terminal.ts'
import { fileParts, fileSource, shownPath } from './file-parts.ts'
import type { Terminal } from '../terminal.ts'
import { INPUT, readInput } from './read-input.ts'
import type { S3Object } from './s3-object.ts'

/** The document of a command, parsed and compiled. */
export type CommandDocument = {
  readonly document: ParsedDocument
  readonly model: ConnectorModel
  /** Where it is: as the diagnostics name it, but for a local file its `file:` URL. */
  readonly url: string
  /** What may be called although private: the URL of the document, or the URLs in a local file. */
  readonly urls: readonly string[]
}

/** How a document is read. */
export type DocumentReading = {
  /** Who answers its mappings. Default: `live`. */
  readonly responses?: Responses | undefined
  /** Bearer token, sent to the origin of the document's URL only. Default: none. */
  readonly token?: string | null
  /** Default: that of the settings. */
  readonly tls?: TlsTrust
}

/** Where relative file names begin, what `-` is, and who signs for objects in S3. */
type Place = Pick<Terminal, 'directory'> & Partial<Pick<Terminal, 'input' | 'environment'>>

type LocalFile = { readonly path: string; readonly bytes: Uint8Array }

/** URLs in a local file, which may be called although private. */
const URLS = /https?:\/\/[^\s"'<>()[\]{}]+/g

/**
 * Reads the `DOC` of a command, an http or https URL, `s3://bucket/key`, `sample:<name>`, a file, or `-` for standard input,
 * and its parts.
 *
 * @throws ConnectorError for an unusable document; CommandError for a file that cannot be read.
 */
export async function readDocument(
  location: string,
  settings: Settings,
  terminal: Place,
  { responses = 'live', token = null, tls }: DocumentReading = {}
): Promise<CommandDocument> {
  const object = await objectOf(location, terminal)
  const remote = object?.url ?? location
  const file = /^(https?|sample):/i.test(remote)
    ? null
    : await readLocalFile(location, settings, terminal)
  const urls = file === null ? [remote] : (decodeText(file.bytes).match(URLS) ?? [])
  const { source, close } = lazySource(settings, urls, tls, object)
  try {
    const document =
      file === null
        ? await fetchDocument(source, { location: remote, token }, settings)
        : await fileDocument(source, file, settings, terminal)
    return {
      document,
      model: compileDocument(document, derivedTypeBounds(settings), responses),
      url: file === null ? document.url : pathToFileURL(file.path).href,
      urls
    }
  } finally {
    await close()
  }
}

/** A source that is created when something is read from it, since most local files refer to nothing else. */
function lazySource(
  settings: Settings,
  urls: readonly string[],
  tls: TlsTrust | undefined,
  object: S3Object | null
): { readonly source: DocumentSource; readonly close: () => Promise<void> } {
  let opened: Promise<Connector> | undefined
  const open = async (): Promise<Connector> => {
    const [{ createConnector }, { commandSettings }] = await Promise.all([
      import('../../connector.ts'),
      import('./command-settings.ts')
    ])
    const isolated = commandSettings(settings, urls)
    return createConnector(isolated, { warn: () => {}, info: () => {} }, undefined, tls)
  }
  return {
    source: {
      async read(request, reading) {
        opened ??= open()
        const { source } = await opened
        const isSigned = object !== null && isSameOrigin(request.location, object.url)
        const location = isSigned ? await object.sign(request.location) : request.location
        return source.read({ ...request, location }, reading)
      }
    },
    async close() {
      await (await opened)?.close()
    }
  }
}

/** The object in S3 that a location names; null for anything else. What signs is not loaded for files. */
async function objectOf(location: string, { environment = {} }: Place): Promise<S3Object | null> {
  if (!/^(s3|https?):/i.test(location)) return null
  return (await import('./s3-object.ts')).s3Object(location, environment)
}

function isSameOrigin(one: string, other: string): boolean {
  return new URL(one).origin === new URL(other).origin
}

async function fetchDocument(
  source: DocumentSource,
  request: DocumentRequest,
  settings: Settings
): Promise<ParsedDocument> {
  const root = await source.read(request, {
    use: 'document',
    minFetchedAt: 0,
    assertUsable: () => {},
    askers: COMMON_ASKERS
  })
  return withParts(root, createPartReader(source, root, request, COMMON_ASKERS), settings)
}

async function readLocalFile(
  name: string,
  settings: Settings,
  { directory, input }: Place
): Promise<LocalFile> {
  // What standard input refers to is relative to the directory.
  const path = resolve(directory, name)
  if (name === INPUT && input !== undefined)
    return { path, bytes: await readInput(input, settings) }
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
