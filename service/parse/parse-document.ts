import {
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  load,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  YAMLException
} from 'js-yaml'

import { exactNumber, parseJson } from '../base/exact-number.ts'
import type { ExactNumber, JsonObject, JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, plainText } from '../base/json.ts'
import { isJsonMediaType } from '../base/media-type.ts'
import { ConnectorError } from '../errors.ts'
import { aliasFault, textFault, treeFault, TREE_DEPTH_MAX } from './check-tree.ts'
import type { Links } from './links.ts'
import { NO_LINKS } from './links.ts'

/** An OpenAPI document as it was hosted: its tree with every `$ref` still in place, and its text. */
export type ParsedDocument = {
  /** Where it was read, after redirects. */
  readonly url: string
  /** The hosted text, for lines and columns. */
  readonly text: string
  readonly root: JsonObject
  /** The other documents that it refers to, once they are read. */
  readonly links: Links
}

const JSON_INTEGER = /^[-+]?\d+$/
const JSON_FRACTION = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/
const NUMBER_STARTS = ['-', '+', '.', ...'0123456789']

/** A YAML number with its digits; hexadecimal and octal forms as the core schema has them. */
function numberTag(tagName: string, decimal: RegExp) {
  return defineScalarTag<number | ExactNumber>(tagName, {
    implicit: true,
    implicitFirstChars: NUMBER_STARTS,
    resolve: source => {
      if (/^0[ox][\da-fA-F]+$/.test(source) && Number.isSafeInteger(Number(source))) {
        return Number(source)
      }
      return (decimal.test(source) ? exactNumber(source) : undefined) ?? NOT_RESOLVED
    },
    identify: () => false
  })
}

/** A mapping whose keys may be numbers with more digits than a double holds. */
const MAPPING = defineMappingTag(mapTag.tagName, {
  ...mapTag,
  addPair: (mapping, key, value) => mapTag.addPair(mapping, keyOf(key), value),
  has: (mapping, key) => mapTag.has(mapping, keyOf(key)),
  get: (mapping, key) => mapTag.get(mapping, keyOf(key))
})

function keyOf(key: unknown): unknown {
  return isExactNumber(key) ? key.rawJSON : key
}

/** The core schema (dates, `yes` and `no` are text), numbers with all digits, merge keys as authors use them. */
const YAML_SCHEMA = CORE_SCHEMA.withTags(
  MAPPING,
  numberTag('tag:yaml.org,2002:int', JSON_INTEGER),
  numberTag('tag:yaml.org,2002:float', JSON_FRACTION),
  mergeTag
)

/**
 * Reads an OpenAPI 3.0, 3.1 or 3.2 document in JSON or YAML (x-flow 1).
 *
 * The content type only says what is tried first; a wrong one does not stop a good text. References
 * are not followed, and nothing is fetched.
 *
 * @throws ConnectorError `DOCUMENT_NOT_PARSED` with line and column, `DOCUMENT_TOO_COMPLEX`,
 *   `DOCUMENT_NOT_OPENAPI`, `DOCUMENT_VERSION_UNSUPPORTED`.
 */
export function parseDocument(text: string, contentType: string, url: string): ParsedDocument {
  const root = parseTree(text, contentType, url)
  if (!isJsonObject(root)) throw new ConnectorError('DOCUMENT_NOT_OPENAPI', { url })
  const swagger = root.swagger
  if (swagger !== undefined) throw unsupported('Swagger', swagger, url)
  const version = root.openapi
  if (version === undefined) throw new ConnectorError('DOCUMENT_NOT_OPENAPI', { url })
  if (typeof version !== 'string' || !/^3\.[012](\.|$)/.test(version)) {
    throw unsupported('OpenAPI', version, url)
  }
  return { url, text, root, links: NO_LINKS }
}

/**
 * Reads a document that another one refers to, in JSON or YAML. It need not be an OpenAPI document: a
 * file of schemas, or a single schema, is one too.
 *
 * @throws ConnectorError `DOCUMENT_NOT_PARSED`, `DOCUMENT_TOO_COMPLEX`, `DOCUMENT_NOT_OPENAPI` for what
 *   is neither an object nor an array.
 */
export function parsePart(text: string, contentType: string, url: string): JsonValue {
  const root = parseTree(text, contentType, url)
  if (isJsonObject(root) || isJsonArray(root)) return root
  throw new ConnectorError('DOCUMENT_NOT_OPENAPI', { url })
}

/** Names a version that looks like one; anything else may be anything that the URL led to. */
function unsupported(kind: 'OpenAPI' | 'Swagger', version: JsonValue, url: string): ConnectorError {
  const text = plainText(version)
  const shown = /^\d{1,2}(\.\d{1,2}){0,2}$/.test(text) ? text : 'without a version number'
  return new ConnectorError('DOCUMENT_VERSION_UNSUPPORTED', { given: `${kind} ${shown}`, url })
}

/** The tree of a text, which everybody may walk: of a bounded size and depth, and without circles. */
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
    // Only what has an anchor can stand at several places.
    const hasAliases = format === 'YAML' && text.includes('&')
    refuse((hasAliases ? aliasFault(root, text.length) : undefined) ?? treeFault(root))
    return root
  }
  const yaml = failures.get('YAML')
  refuse(complexity(yaml))
  const told = looksLikeJson ? failures.get('JSON') : yaml
  // The engine does not always say where JSON is broken; read as YAML it breaks at the same place.
  const place = placeOf(told, text) ?? placeOf(yaml, text)
  throw new ConnectorError('DOCUMENT_NOT_PARSED', {
    url,
    reason: reasonOf(told),
    ...(place ?? lineAndColumn(text, text.length))
  })
}

/** What the parser of YAML has too much of; undefined for any other failure. */
function complexity(error: unknown): string | undefined {
  const reason = error instanceof YAMLException ? error.reason : ''
  if (reason.startsWith('nesting exceeded')) return `it nests deeper than ${TREE_DEPTH_MAX} levels`
  return /^(merge keys exceeded|abnormal merge)/.test(reason) ? 'it merges too much' : undefined
}

/** Parses YAML by the core schema; JSON is a part of it. @throws whatever js-yaml throws. */
export function parseYaml(text: string): JsonValue {
  const value: unknown = load(text, { schema: YAML_SCHEMA, maxDepth: TREE_DEPTH_MAX })
  return isJson(value) ? value : null
}

/** js-yaml with this schema makes nothing but JSON values; the check is only for the type. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined && typeof value !== 'function'
}

/** Says what is wrong without a word of the text itself, which may be anything that the URL led to. */
function reasonOf(error: unknown): string {
  if (!(error instanceof YAMLException)) return 'broken JSON'
  return `broken YAML, ${error.reason.replace(/["'`<({[].*$/s, '').trim()}`
}

function placeOf(error: unknown, text: string): { line: number; column: number } | undefined {
  if (error instanceof YAMLException && error.mark !== undefined) {
    return { line: error.mark.line + 1, column: error.mark.column + 1 }
  }
  const message = error instanceof SyntaxError ? error.message : ''
  if (message === 'Unexpected end of JSON input') return lineAndColumn(text, text.length)
  const found = /JSON at position (\d+) \(line \d+ column \d+\)$/.exec(message)
  return found === null ? undefined : lineAndColumn(text, Number(found[1]))
}

/** Line and column, from 1, of an offset into a text. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let start = 0
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line++
    start = end + 1
  }
  return { line, column: offset - start + 1 }
}
