import type { Form } from '../base/form.ts'
import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import { itemForm, knownMembers } from '../parse/extensions.ts'
import type { Compilation } from './compilation.ts'

/** Where unknown members are reported, and how. */
export type MemberLint = Pick<Compilation, 'report' | 'suggest'> & {
  /** What a message calls the value at a dotted path in the linted one; blank for itself. */
  readonly nameAt: (path: string) => string
}

/** Reports each member that a form does not have, also in what its members hold, and suggests the nearest word. */
export function lintMembers(
  lint: MemberLint,
  form: Form,
  value: JsonValue,
  at: Pointer,
  path = ''
): void {
  if (isJsonArray(value)) {
    const items = itemForm(form)
    if (items === undefined) return
    for (const [index, item] of value.entries()) {
      lintMembers(lint, items, item, pointer(at, index), `${path}[${index}]`)
    }
    return
  }
  const known = knownMembers(form)
  if (known === null || !isJsonObject(value)) return
  for (const [name, held] of Object.entries(value)) {
    const member = Object.hasOwn(known, name) ? known[name] : undefined
    if (member !== undefined) {
      lintMembers(lint, member, held, pointer(at, name), path === '' ? name : `${path}.${name}`)
      continue
    }
    lint.report.add('MEMBER_UNKNOWN', pointer(at, name), {
      key: lint.nameAt(path),
      given: name,
      suggestion: lint.suggest(name, () => Object.keys(known)),
      known: Object.keys(known).join(', ')
    })
  }
}
