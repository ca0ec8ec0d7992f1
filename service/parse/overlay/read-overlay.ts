import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, plainText, textMember } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { ConnectorError } from '../../errors.ts'
import { findPositions } from '../find-positions.ts'
import { parsePart } from '../parse-document.ts'
import { absoluteReferences } from './absolute-references.ts'
import type { Overlay } from './overlay.ts'

/** The text of an overlay, and what it is called. */
export type OverlaySource = Pick<Overlay, 'name' | 'url' | 'text'> & {
  readonly contentType: string
  /** Base URL of its relative references. */
  readonly base: string
}

/**
 * Parses an overlay (docs/x-flow.md#overlays), in JSON or YAML. What its actions say is checked when they are applied.
 *
 * @param documentBase Base URL of the document that it is for.
 * @throws ConnectorError `OVERLAY_INVALID`; `DOCUMENT_NOT_PARSED`, `DOCUMENT_TOO_COMPLEX`.
 */
export function readOverlay(source: OverlaySource, documentBase: string): Overlay {
  const { name, url, text, base } = source
  const root = parseOverlay(source)
  const refuse = (at: string, reason: string): ConnectorError => {
    const position = findPositions(text, [at]).get(at) ?? { line: 1, column: 1 }
    return new ConnectorError('OVERLAY_INVALID', { url, reason, ...position })
  }
  if (!isJsonObject(root) || root.overlay === undefined) {
    throw refuse('', `it has no member \`overlay\`${otherKind(root)}`)
  }
  const minor = minorVersion(root.overlay)
  if (minor === undefined) throw refuse('/overlay', 'its version is not 1.0 or 1.1')
  const { actions } = root
  if (actions === undefined) {
    throw refuse('', `it has no member \`actions\`${likeWord(root)}`)
  }
  if (!isJsonArray(actions)) throw refuse('/actions', 'its `actions` are not a list')
  if (actions.length === 0) throw refuse('/actions', 'it has no action')
  const read = base === documentBase ? actions : actions.map(each => withReferences(each, base))
  return {
    name,
    url,
    text,
    base,
    minor,
    extends: textMember(root, 'extends') ?? null,
    actions: read
  }
}

/** Any text is told as none of an overlay, as only its author knows what it is. */
function parseOverlay({ text, contentType, url }: OverlaySource): JsonValue {
  try {
    return parsePart(text, contentType, url)
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'DOCUMENT_NOT_OPENAPI') throw error
    return null
  }
}

function otherKind(root: JsonValue): string {
  const isDocument = ['openapi', 'swagger'].some(key => member(root, key) !== undefined)
  return isDocument ? ', as it is an OpenAPI document' : ''
}

/** A member that was likely meant. */
function likeWord(root: JsonObject): string {
  const word = nearest('actions', Object.keys(root))
  return word === undefined ? '' : `, but one named "${word}"`
}

/** YAML reads an unquoted version of two numbers as a number. */
function minorVersion(version: JsonValue): number | undefined {
  const text = plainText(version)
  if (text === '1') return 0
  const [, minor] = /^1\.([01])(?:\.\d+)?$/.exec(text) ?? []
  return minor === undefined ? undefined : Number(minor)
}

/** An action whose update refers to documents that are found from the overlay. */
function withReferences(action: JsonValue, base: string): JsonValue {
  const update = member(action, 'update')
  if (!isJsonObject(action) || update === undefined) return action
  return { ...action, update: absoluteReferences(update, base) }
}
