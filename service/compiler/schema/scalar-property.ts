import { mediaEssence } from '../../base/media-type.ts'
import { textMember } from '../../base/json.ts'
import type { ContentType, ScalarKind } from '../../model/type-record.ts'
import type { SchemaView } from './view-schema.ts'

const SECRET_NAME = /pass(word|wd|phrase)?$|pwd|secret|token|api.?key|credential|\bpin\b/i

/** How the text of a scalar schema travels, and what JSON it stands for (x-flow 3.1). */
export type ScalarForm = { readonly content: ContentType; readonly kind: ScalarKind }

const JSON_TEXT: ScalarForm = { content: 'ContentString', kind: 'json' }

/** The form of a schema whose value is one scalar; of anything else, that of JSON text. */
export function scalarForm(view: SchemaView, key: string): ScalarForm {
  if (view.kind === 'integer') return { content: 'ContentNumber', kind: 'integer' }
  if (view.kind === 'number') return { content: 'ContentNumber', kind: 'number' }
  if (view.kind === 'boolean') return { content: 'ContentBoolean', kind: 'boolean' }
  if (view.kind !== 'string') return JSON_TEXT
  if (view.format === 'date') return { content: 'ContentDateTime', kind: 'date' }
  if (view.format === 'date-time') return { content: 'ContentDateTime', kind: 'date-time' }
  if (view.format === 'password' || (view.writeOnly && SECRET_NAME.test(key))) {
    return { content: 'ContentPassword', kind: 'text' }
  }
  const media = mediaEssence(textMember(view.node, 'contentMediaType') ?? '')
  const html = view.format === 'html' || media === 'text/html' || media === 'application/xhtml+xml'
  return { content: html ? 'ContentContent' : 'ContentString', kind: 'text' }
}

/** The form of a `customProperties` kind; undefined for a word that is none. */
export function customForm(kind: string): ScalarForm | undefined {
  switch (kind) {
    case 'string':
      return { content: 'ContentString', kind: 'text' }
    case 'number':
    case 'integer':
      return { content: 'ContentNumber', kind }
    case 'boolean':
      return { content: 'ContentBoolean', kind }
    case 'date':
    case 'date-time':
      return { content: 'ContentDateTime', kind }
    case 'password':
      return { content: 'ContentPassword', kind: 'text' }
    case 'object':
    case 'array':
      return JSON_TEXT
    default:
      return undefined
  }
}

/** Whether a scalar schema takes empty text, which says that a blank may be sent as such. */
export function emptyAllowed(view: SchemaView): boolean {
  if (view.kind !== 'string' || scalarForm(view, '').kind !== 'text') return false
  const least = view.node.minLength
  if (typeof least === 'number' && least > 0) return false
  return view.allowed === null || view.allowed.includes('')
}
