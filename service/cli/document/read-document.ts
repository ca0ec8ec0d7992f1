import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { COMMON_ASKERS } from '../../base/askers.ts'
import { decodeText } from '../../base/bytes.ts'
import type { DocumentSource } from '../../documents/fetch-document.ts'
import type { PartLimits, PartReader } from '../../documents/gather-parts.ts'
import { gatherParts, createPartReader } from '../../documents/gather-parts.ts'
import { linkParts, outlinePart, outlineRoot, parseSource } from '../../documents/parse-source.ts'
import { OWN_OVERLAY } from '../../documents/read-overlays.ts'
import type { Overlays, SourceDocument, TextUse } from '../../documents/source-document.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { compileDocument } from '../../compiler/compile-document.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import type { CompileOptions } from '../../model/compile-options.ts'
import type { TlsTrust } from '../../net/egress.ts'
import type { Settings } from '../../settings.ts'
import { derivedTypeBounds } from '../../settings.ts'
import { CommandError, systemReason } from '../terminal.ts'
import { fileParts, fileSource, shownPath } from './file-parts.ts'
import { lazyConnector } from './lazy-connector.ts'
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
  /** Whether it is a file of the user. */
  readonly isLocal: boolean
}

/** Where relative file names begin, what `-` is, and who signs for objects in S3. */
type Place = Pick<Terminal, 'directory'> & Partial<Pick<Terminal, 'input' | 'environment'>>

type LocalFile = { readonly path: string; readonly bytes: Uint8Array }

/** A URL or a sample; a file; or a text of the configuration. */
type Given = string | LocalFile | { readonly text: string }

/** How a document is read. */
export type ReadDocumentOptions = {
  /** How it is compiled. Default `USUAL_OPTIONS`. */
  readonly compiling?: CompileOptions | undefined
  /** What changes it, in this order: each a URL, `sample:<name>` or a file, or the text itself. Default: none. */
  readonly overlays?: readonly (string | { readonly text: string })[]
  /** Bearer token, sent to the addresses of the document and its overlays only. Default: none. */
  readonly token?: string | null
  /** Default: that of the settings. */
  readonly tls?: TlsTrust | undefined
}

/** URLs in a local file, which may be called although private. */
const URLS = /https?:\/\/[^\s"'<>()[\]{}]+/g

/**
 * Reads the `DOC` of a command, an http or https URL, `s3://bucket/key`, `sample:<name>`, a file, or `-` for standard input,
 * its overlays and its parts.
 *
 * @throws ConnectorError for an unusable document; CommandError for a file that cannot be read.
 */
export async function readDocument(
  location: string,
  settings: Settings,
  terminal: Place,
  options: ReadDocumentOptions = {}
): Promise<CommandDocument> {
  const read = await parseLocation(location, settings, terminal, options)
  const model = compileDocument(read.document, derivedTypeBounds(settings), options.compiling)
  return { ...read, model }
}

/** `readDocument` without its model. */
export async function parseLocation(
  location: string,
  settings: Settings,
  terminal: Place,
  { overlays = [], token = null, tls }: Omit<ReadDocumentOptions, 'compiling'> = {}
): Promise<Omit<CommandDocument, 'model'>> {
  if ([location, ...overlays].filter(each => each === INPUT).length > 1) {
    throw new CommandError('standard input can be the document or one overlay, not both')
  }
  const objects = await Promise.all([location, ...overlays].map(each => objectOf(each, terminal)))
  const [object, ...others] = objects
  const remote = object?.url ?? location
  const given = await openGiven(remote, settings, terminal)
  const changes = await Promise.all(
    overlays.map((overlay, index) => openGiven(others[index]?.url ?? overlay, settings, terminal))
  )
  const urls = [given, ...changes].flatMap(urlsOf)
  const { source, close } = lazySource(settings, urls, tls, objects)
  try {
    const reading = { token, terminal }
    const root = await readText(source, given, 'document', reading)
    const texts = await Promise.all(
      changes.map(change => readText(source, change, 'overlay', reading, root))
    )
    const applied = texts.length === 0 ? null : { texts, location }
    const path = typeof given === 'object' && 'path' in given ? given.path : null
    const read =
      path === null
        ? createPartReader(source, root, { location: remote, token }, COMMON_ASKERS)
        : fileParts(source, path, terminal.directory, settings)
    const document = await withParts(root, applied, read, settings)
    return {
      document,
      url: path === null ? document.url : pathToFileURL(path).href,
      urls,
      isLocal: path !== null
    }
  } finally {
    await close()
  }
}

async function openGiven(
  given: string | { readonly text: string },
  settings: Settings,
  place: Place
): Promise<Given> {
  const isHere = typeof given === 'string' && !/^(https?|sample):/i.test(given)
  return isHere ? readLocalFile(given, settings, place) : given
}

function urlsOf(given: Given): readonly string[] {
  if (typeof given === 'string') return [given]
  return ('text' in given ? given.text : decodeText(given.bytes)).match(URLS) ?? []
}

/** @param root The document that an overlay changes. */
async function readText(
  source: DocumentSource,
  given: Given,
  use: TextUse,
  { token, terminal: { directory } }: { readonly token: string | null; readonly terminal: Place },
  root?: SourceDocument
): Promise<SourceDocument> {
  if (typeof given === 'string') {
    return source.read(
      { location: given, token },
      { use, minFetchedAt: 0, assertUsable: () => {}, askers: COMMON_ASKERS }
    )
  }
  if ('text' in given) return fileSource(root?.base ?? '', OWN_OVERLAY, Buffer.from(given.text))
  return fileSource(pathToFileURL(given.path).href, shownPath(given.path, directory), given.bytes)
}

/** A source that is created when something is read from it, since most local files refer to nothing else. */
function lazySource(
  settings: Settings,
  urls: readonly string[],
  tls: TlsTrust | undefined,
  objects: readonly (S3Object | null)[]
): { readonly source: DocumentSource; readonly close: () => Promise<void> } {
  const { open, close } = lazyConnector(settings, urls, () => {}, tls)
  return {
    source: {
      async read(request, reading) {
        const { source } = await open()
        const { location } = request
        const object = objects.find(each => each !== null && isSameOrigin(location, each.url))
        return source.read(
          { ...request, location: (await object?.sign(location)) ?? location },
          reading
        )
      }
    },
    close
  }
}

/** The object in S3 that a location names; null for anything else. What signs is not loaded for files. */
async function objectOf(
  location: string | { readonly text: string },
  { environment = {} }: Place
): Promise<S3Object | null> {
  if (typeof location !== 'string' || !/^(s3|https?):/i.test(location)) return null
  return (await import('./s3-object.ts')).s3Object(location, environment)
}

function isSameOrigin(one: string, other: string): boolean {
  return new URL(one).origin === new URL(other).origin
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

/** Parses a document with its overlays and links it with its parts. */
async function withParts(
  root: SourceDocument,
  overlays: Overlays | null,
  read: PartReader,
  limits: PartLimits
): Promise<ParsedDocument> {
  const document = await parseSource(root, overlays)
  const outlineOf = async (part: SourceDocument) => outlinePart(part, root.base)
  const ports = { read, outline: outlineOf, askers: COMMON_ASKERS }
  const outline = outlineRoot(document, root)
  const gathered = outline && (await gatherParts(root, outline, ports, limits))
  return linkParts(document, root, gathered)
}
