import { YAMLException } from 'js-yaml'

import { parseJson } from '../base/exact-number.ts'
import type { JsonArray, JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, plainText } from '../base/json.ts'
import { isJsonMediaType } from '../base/media-type.ts'
import { ConnectorError } from '../errors.ts'
import { aliasFault, textFault, treeFault, TREE_DEPTH_MAX } from './check-tree.ts'
import type { DocumentOrigin } from './document-origin.ts'
import { AS_HOSTED } from './document-origin.ts'
import type { Position } from './find-positions.ts'
import type { Links } from './links.ts'
import { NO_LINKS } from './links.ts'
import { parseYaml } from './parse-yaml.ts'

/** An OpenAPI document or a manifest: its text, and its tree with all `$ref`s in place. */
export type ParsedDocument = {
  /** URL after redirects. */
  readonly url: string
  /** The hosted text, for lines and columns. */
  readonly text: string
  readonly root: JsonObject
  /** The other documents that it refers to, once they are linked. */
  readonly links: Links
  readonly origin: DocumentOrigin
}

/** Members of which one is enough to know a manifest, also one in which `CONFIG` is misspelt or missing. */
const MANIFEST_MEMBERS = ['CONFIG', 'config', 'Config', 'inputs', 'outputs']

/** Whether a document is a manifest (docs/pipelines.md#manifests). */
export function isManifest({ root }: Pick<ParsedDocument, 'root'>): boolean {
  const isOther = root.openapi !== undefined || root.swagger !== undefined
  return !isOther && MANIFEST_MEMBERS.some(name => Object.hasOwn(root, name))
}

/** Whether a document is Swagger 2.0, which is converted before anything else is done with it. */
export function isSwagger({ root }: Pick<ParsedDocument, 'root'>): boolean {
  return root.swagger !== undefined && root.openapi === undefined
}

/**
 * Parses an OpenAPI 3.0, 3.1 or 3.2 document, a manifest, or a Swagger 2.0 document that is to be converted, in JSON
 * or YAML. References are not followed.
 *
 * The content type only decides which format is tried first.
 *
 * @throws ConnectorError `DOCUMENT_NOT_PARSED` with line and column, `DOCUMENT_TOO_COMPLEX`,
 *   `DOCUMENT_NOT_OPENAPI`, `DOCUMENT_VERSION_UNSUPPORTED`, `DOCUMENT_VERSION_UNQUOTED`.
 */
export function parseDocument(text: string, contentType: string, url: string): ParsedDocument {
  const root = parseTree(text, contentType, url)
  if (!isJsonObject(root)) throw new ConnectorError('DOCUMENT_NOT_OPENAPI', { url })
  assertSupported(root, url)
  const document = { url, text, root, links: NO_LINKS, origin: AS_HOSTED }
  return isManifest(document) ? { ...document, root: writtenTree(document) } : document
}

/**
 * @throws ConnectorError `DOCUMENT_NOT_OPENAPI`, `DOCUMENT_VERSION_UNSUPPORTED`, `DOCUMENT_VERSION_UNQUOTED` for
 *   anything but a manifest or a document of a supported version.
 */
export function assertSupported(root: JsonObject, url: string): void {
  const { openapi: version, swagger } = root
  if (isSwagger({ root })) {
    if (swagger === '2.0' || swagger === 2) return
    throw unsupported('Swagger', swagger ?? null, url)
  }
  if (isManifest({ root })) return
  if (version === undefined) throw new ConnectorError('DOCUMENT_NOT_OPENAPI', { url })
  if (version === 3 || version === 3.1 || version === 3.2) {
    const right = version === 3 ? '3.0.0' : `${version}.0`
    throw new ConnectorError('DOCUMENT_VERSION_UNQUOTED', { given: version, right, url })
  }
  if (typeof version !== 'string' || !/^3\.[012](\.|$)/.test(version)) {
    throw unsupported('OpenAPI', version, url)
  }
}

/** The tree of a manifest, in which numbers are the texts that were written: a parameter may be `1.0`. */
function writtenTree({ root, text }: Pick<ParsedDocument, 'root' | 'text'>): JsonObject {
  try {
    const written = parseYaml(text, 'text')
    return isJsonObject(written) ? written : root
  } catch (error) {
    // It is JSON of a form that is no YAML.
    if (error instanceof YAMLException) return root
    throw error
  }
}

/**
 * Parses a document that another one refers to, in JSON or YAML. It need not be an OpenAPI document: it
 * may hold any schemas.
 *
 * @throws ConnectorError `DOCUMENT_NOT_PARSED`, `DOCUMENT_TOO_COMPLEX`, `DOCUMENT_NOT_OPENAPI` for
 *   anything but an object or an array.
 */
export function parsePart(text: string, contentType: string, url: string): JsonObject | JsonArray {
  const root = parseTree(text, contentType, url)
  if (isJsonObject(root) || isJsonArray(root)) return root
  throw new ConnectorError('DOCUMENT_NOT_OPENAPI', { url })
}

/**
 * The tree of a text that is no document, in JSON or YAML; null for a text that has neither an object nor an array.
 *
 * @param name Of the text, for messages.
 * @throws ConnectorError `DOCUMENT_NOT_PARSED`, `DOCUMENT_TOO_COMPLEX`.
 */
export function parseOther(text: string, name: string): JsonObject | JsonArray | null {
  try {
    return parsePart(text, '', name)
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'DOCUMENT_NOT_OPENAPI') return null
    throw error
  }
}

/** Quotes the version only if it looks like one: the URL may lead to any private text. */
function unsupported(kind: 'OpenAPI' | 'Swagger', version: JsonValue, url: string): ConnectorError {
  const text = plainText(version)
  const plain = /^\d{1,2}(\.\d{1,2}){0,2}$/.test(text) ? text : 'without a version number'
  const shown = text === '3' ? '3, without its minor version' : plain
  return new ConnectorError('DOCUMENT_VERSION_UNSUPPORTED', { given: `${kind} ${shown}`, url })
}

/** Parses a text into an acyclic tree of bounded size and depth. */
function parseTree(text: string, contentType: string, url: string): JsonValue {
  if (/^\s*</.test(text) || text.trim() === '') {
    throw new ConnectorError('DOCUMENT_NOT_OPENAPI', { url })
  }
  const refuse = (reason: string | undefined): void => {
    if (reason !== undefined) throw new ConnectorError('DOCUMENT_TOO_COMPLEX', { url, reason })
  }
  const looksLikeJson = /^\s*[[{]/.test(text)
  const jsonFirst = isJsonMediaType(contentType) || looksLikeJson
  const failures = new Map<'JSON' | 'YAML', unknown>()
  for (const format of jsonFirst ? (['JSON', 'YAML'] as const) : (['YAML', 'JSON'] as const)) {
    refuse(textFault(text, format))
    let root: JsonValue
    try {
      root = format === 'JSON' ? parseJson(text) : parseYaml(text)
    } catch (error) {
      failures.set(format, error)
      continue
    }
    // Aliases need an anchor.
    const hasAliases = format === 'YAML' && text.includes('&')
    refuse((hasAliases ? aliasFault(root, text.length) : undefined) ?? treeFault(root))
    return root
  }
  const yaml = failures.get('YAML')
  refuse(complexity(yaml))
  const failure = looksLikeJson ? failures.get('JSON') : yaml
  // JSON.parse does not always report a position; the YAML parser fails at the same one.
  const position = positionOf(failure, text) ?? positionOf(yaml, text)
  throw new ConnectorError('DOCUMENT_NOT_PARSED', {
    url,
    reason: reasonOf(failure),
    ...(position ?? lineAndColumn(text, text.length))
  })
}

/** The limit of the YAML parser that was exceeded; undefined for other errors. */
function complexity(error: unknown): string | undefined {
  const reason = error instanceof YAMLException ? error.reason : ''
  if (reason.startsWith('nesting exceeded')) return `it nests deeper than ${TREE_DEPTH_MAX} levels`
  return /^(merge keys exceeded|abnormal merge)/.test(reason) ? 'it merges too much' : undefined
}

/** Describes a syntax error without quoting the text, which may be private. */
function reasonOf(error: unknown): string {
  if (!(error instanceof YAMLException)) return 'broken JSON'
  return `broken YAML, ${error.reason.replace(/["'`<({[].*$/s, '').trim()}`
}

function positionOf(error: unknown, text: string): Position | undefined {
  if (error instanceof YAMLException && error.mark !== undefined) {
    return { line: error.mark.line + 1, column: error.mark.column + 1 }
  }
  const message = error instanceof SyntaxError ? error.message : ''
  if (message === 'Unexpected end of JSON input') return lineAndColumn(text, text.length)
  const found = /JSON at position (\d+) \(line \d+ column \d+\)$/.exec(message)
  return found === null ? undefined : lineAndColumn(text, Number(found[1]))
}

/** The position of an offset in a text. */
export function lineAndColumn(text: string, offset: number): Position {
  let line = 1
  let start = 0
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line++
    start = end + 1
  }
  return { line, column: offset - start + 1 }
}
