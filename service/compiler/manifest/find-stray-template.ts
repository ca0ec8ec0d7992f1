import type { Form } from '../../base/form.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject } from '../../base/json.ts'
import { knownMembers } from '../../parse/extensions.ts'

/** The texts that are templates. */
const TEMPLATES = new Set(['url', 'auth.token', 'auth.key', 'auth.username', 'auth.password'])

/** Members of which all values are templates, but no name. */
const OF_TEMPLATES = new Set(['params', 'headers'])

/**
 * Finds a template of an input or output where none is evaluated, such as in `page_size` or in the name of a parameter:
 * it would be taken as it is written. Members that the form does not have are not looked at.
 *
 * @returns Names and indexes that lead to it.
 */
export function findStrayTemplate(
  form: Form,
  value: JsonValue,
  path: readonly string[] = []
): readonly string[] | undefined {
  if (typeof value === 'string') {
    return value.includes('{{') && !TEMPLATES.has(path.join('.')) ? path : undefined
  }
  if (isJsonArray(value)) {
    const { items = {} } = form
    return firstOf(value.entries(), ([index, item]) =>
      findStrayTemplate(items, item, [...path, `${index}`])
    )
  }
  if (!isJsonObject(value)) return undefined
  if (OF_TEMPLATES.has(path.join('.'))) {
    const name = Object.keys(value).find(key => key.includes('{{'))
    return name === undefined ? undefined : [...path, name]
  }
  return firstOf(Object.entries(knownMembers(form) ?? {}), ([name, member]) =>
    Object.hasOwn(value, name)
      ? findStrayTemplate(member, value[name] ?? null, [...path, name])
      : undefined
  )
}

function firstOf<T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
