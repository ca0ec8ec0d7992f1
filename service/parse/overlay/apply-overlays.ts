import { bareUrl } from '../../base/bare-url.ts'
import { canonicalUrl } from '../../base/canonical-url.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { parseUrl } from '../../base/parse-url.ts'
import { suggestion } from '../../errors.ts'
import type { DocumentNote } from '../document-origin.ts'
import { documentNote } from '../document-origin.ts'
import { splitLocation } from '../links.ts'
import type { ParsedDocument } from '../parse-document.ts'
import { assertSupported } from '../parse-document.ts'
import { createAdmission, OverlayLimit } from './admit-values.ts'
import type { ActionPorts } from './apply-action.ts'
import { applyAction } from './apply-action.ts'
import type { EditedTree } from './edited-tree.ts'
import { createEditedTree } from './edited-tree.ts'
import type { FindTargets } from './find-targets.ts'
import { createTargetFinder } from './find-targets.ts'
import type { Overlay } from './overlay.ts'
import { ACTION_MEMBERS, readAction, unknownMembers } from './read-action.ts'

/** Most actions of all overlays of a document together. */
const ACTIONS_MAX = 10_000

type ActionPlace = { readonly label: string; readonly at: Pointer; readonly minor: number }

/**
 * Applies overlays to a document, one after another (docs/x-flow.md#overlays). A fault in an action does not affect the
 * others; it is noted with its place in the overlay. Beyond a limit nothing more is applied.
 *
 * @param urls The URLs of the document.
 * @throws ConnectorError as `assertSupported`, if nothing is left that is a document.
 */
export function applyOverlays(
  document: ParsedDocument,
  overlays: readonly Overlay[],
  urls: readonly string[]
): ParsedDocument {
  if (overlays.length === 0) return document
  const { origin, root } = document
  const tree = createEditedTree(root)
  const extended = overlays.flatMap(overlay => noteExtends(overlay, urls))
  const notes = [...origin.notes, ...extended]
  const find = createTargetFinder(origin.moved)
  for (const note of applyActions(tree, overlays, find)) notes.push(note)
  assertSupported(tree.root(), document.url)
  return {
    ...document,
    root: tree.root(),
    origin: {
      overlays: overlays.map(({ name, url, text }) => ({ name, url, text })),
      originOf(at) {
        const from = tree.originOf(at)
        return splitLocation(from).name === '' ? origin.originOf(from) : from
      },
      notes,
      moved: origin.moved
    }
  }
}

function* applyActions(
  tree: EditedTree,
  overlays: readonly Overlay[],
  find: FindTargets
): Generator<DocumentNote> {
  const ports = { admit: createAdmission(), find }
  let count = 0
  for (const { name, minor, actions } of overlays) {
    for (const [index, value] of actions.entries()) {
      const place = { label: `actions[${index}]`, at: `${name}#/actions/${index}`, minor }
      const { label, at } = place
      try {
        if (++count > ACTIONS_MAX) {
          throw new OverlayLimit(`all overlays together may have ${ACTIONS_MAX} actions`)
        }
        yield* applyOne(tree, value, place, ports)
      } catch (error) {
        if (!(error instanceof OverlayLimit)) throw error
        yield documentNote('OVERLAY_LIMIT', at, { action: label, rule: error.message })
        return
      }
    }
  }
}

function* applyOne(
  tree: EditedTree,
  value: JsonValue,
  place: ActionPlace,
  ports: ActionPorts
): Generator<DocumentNote> {
  const { label, at, minor } = place
  for (const given of unknownMembers(value)) {
    const known = ACTION_MEMBERS.join(', ')
    const hint = suggestion(nearest(given, ACTION_MEMBERS))
    const holes = { key: label, given, suggestion: hint, known }
    yield documentNote('MEMBER_UNKNOWN', pointer(at, given), holes)
  }
  const action = readAction(value, place)
  if ('fault' in action) {
    yield documentNote('OVERLAY_ACTION_INVALID', action.at, { action: label, reason: action.fault })
    return
  }
  const { faults, found, near } = applyAction(tree, action, minor, ports)
  for (const { fault, at } of faults) {
    yield documentNote('OVERLAY_ACTION_INVALID', at, { action: label, reason: fault })
  }
  if (found > 0) return
  const holes = { action: label, suggestion: suggestion(near) }
  yield documentNote('OVERLAY_TARGET_MISSING', pointer(at, 'target'), holes)
}

/** Notes that an overlay says it is for another document. */
function noteExtends(overlay: Overlay, urls: readonly string[]): DocumentNote[] {
  const { name, extends: given, base } = overlay
  if (given === null) return []
  const same = new Set(urls.map(comparable))
  const target = parseUrl(given, base)
  if (target !== null && same.has(comparable(target.href))) return []
  const shown = target === null ? given : shownUrl(target)
  return [documentNote('OVERLAY_EXTENDS_OTHER', `${name}#/extends`, { given: shown })]
}

function comparable(url: string): string {
  const parsed = parseUrl(url)
  return parsed === null ? url : canonicalUrl(parsed)
}

/** A URL without what may be secret; of a file its path. */
function shownUrl(url: URL): string {
  return url.protocol === 'file:' ? url.pathname : bareUrl(url)
}
