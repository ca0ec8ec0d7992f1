import type { Form, Keywords } from '../base/form.ts'
import { Type } from '../base/form.ts'
import { TEMPLATE_RULE } from './manifest-forms.ts'

/** Numbers written as text: whole ones, and any. */
const WHOLE = '^\\s*\\+?\\d{1,15}\\s*$'
const WHOLE_FROM_1 = '^\\s*\\+?0*[1-9]\\d{0,14}\\s*$'
const NUMBER = '^\\s*[+-]?\\d{1,15}(?:\\.\\d{1,15})?(?:[eE][+-]?\\d{1,2})?\\s*$'

/**
 * The form of what a form of manifests is read from, for editors (docs/pipelines.md#values): a member may be null, a
 * number text and a text a number, words are in any letter case, and one value may stand for a list of it.
 */
export function spelledForm(form: Form): Form {
  const { type, anyOf, properties, items } = form
  if (anyOf !== undefined) {
    const words = anyOf.flatMap(({ const: word }) => (typeof word === 'string' ? [word] : []))
    return words.length === anyOf.length ? inAnyCase(form, words) : form
  }
  if (properties !== undefined) return spelledObject({ ...form, properties })
  if (items !== undefined) {
    const spelled = spelledForm(items)
    const list = { ...form, items: spelled }
    return items.type === 'object' ? list : orElse(list, spelled)
  }
  if (type === 'integer') {
    return orElse(form, Type.String({ pattern: form.minimum === 0 ? WHOLE : WHOLE_FROM_1 }))
  }
  if (type === 'number') return orElse(form, Type.String({ pattern: NUMBER }))
  return type === 'string' && isFreeText(form) ? orElse(form, Type.Number(), Type.Boolean()) : form
}

/** A member that must be there cannot be null. Words in place of an object are its `type`. */
function spelledObject(form: Form & Required<Pick<Keywords, 'properties'>>): Form {
  const { properties, required = [], bare } = form
  const members = Object.entries(properties).map(([name, member]) => {
    const spelled = spelledForm(member)
    return [name, required.includes(name) ? spelled : orElse(spelled, Type.Null())] as const
  })
  const object = { ...form, properties: Object.fromEntries(members) }
  return bare === undefined ? object : orElse(object, Type.String({ words: bare, foldsCase: true }))
}

function inAnyCase({ description }: Form, words: readonly string[]): Form {
  return Type.String({ words, foldsCase: true, ...(description !== undefined && { description }) })
}

/** Whether a text may be any, but for its templates. */
function isFreeText({ words, const: word, rules = [] }: Form): boolean {
  const isFree = rules.every(rule => rule === TEMPLATE_RULE)
  return isFree && words === undefined && word === undefined
}

/** A form or others, with the words for people beside them. */
function orElse({ description, default: usual, ...form }: Form, ...others: readonly Form[]): Form {
  const choices = form.anyOf === undefined ? [form] : form.anyOf
  return {
    ...(description !== undefined && { description }),
    ...(usual !== undefined && { default: usual }),
    anyOf: [...choices, ...others]
  }
}
