import { textMember } from '../../base/json.ts'
import { mediaEssence } from '../../base/media-type.ts'
import { isSecretName } from '../../base/secret-name.ts'
import type { ContentType, ScalarKind } from '../../model/type-record.ts'
import type { CUSTOM_KINDS } from '../../parse/mapping-forms.ts'
import type { SchemaView } from './schema-view.ts'

/** How the text of a scalar travels, and what JSON it stands for (docs/x-flow.md#types-and-properties). */
export type ScalarForm = { readonly content: ContentType; readonly kind: ScalarKind }

/** By the kinds of `customProperties`. */
export const FORMS = {
  string: { content: 'ContentString', kind: 'text' },
  number: { content: 'ContentNumber', kind: 'number' },
  integer: { content: 'ContentNumber', kind: 'integer' },
  boolean: { content: 'ContentBoolean', kind: 'boolean' },
  date: { content: 'ContentDateTime', kind: 'date' },
  'date-time': { content: 'ContentDateTime', kind: 'date-time' },
  password: { content: 'ContentPassword', kind: 'text' },
  object: { content: 'ContentString', kind: 'json' },
  array: { content: 'ContentString', kind: 'json' }
} as const satisfies { readonly [kind in (typeof CUSTOM_KINDS)[number]]: ScalarForm }

/** What no keyword describes: plain text, and JSON text of objects and arrays. */
const UNTYPED: ScalarForm = { content: 'ContentString', kind: 'any' }

/** The form of a scalar's schema; of anything else, that of JSON text. */
export function scalarForm(
  { kind, format, keywords, writeOnly }: SchemaView,
  key: string
): ScalarForm {
  if (kind === 'mixed') return FORMS.object
  if (kind === 'any') return UNTYPED
  if (kind !== 'string') return FORMS[kind]
  if (format === 'date' || format === 'date-time' || format === 'password') return FORMS[format]
  if (writeOnly && isSecretName(key)) return FORMS.password
  const media = mediaEssence(textMember(keywords, 'contentMediaType') ?? '')
  const isHtml = format === 'html' || media === 'text/html' || media === 'application/xhtml+xml'
  return isHtml ? { content: 'ContentContent', kind: 'text' } : FORMS.string
}

/** Whether a schema takes empty text, so that a blank may be sent as "". */
export function emptyAllowed(view: SchemaView): boolean {
  if (view.blankChoice) return true
  if (view.kind !== 'string' || scalarForm(view, '').kind !== 'text') return false
  const { minLength } = view.keywords
  if (typeof minLength === 'number' && minLength > 0) return false
  return view.allowed === null || view.allowed.includes('')
}
