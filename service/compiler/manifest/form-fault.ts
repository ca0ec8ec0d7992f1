import type { Form } from '../../base/form.ts'
import type { JsonValue } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import { misfit } from '../../parse/extensions.ts'

/** What of a part does not fit its form: the names on the way to it, and a reason with the nearest word. */
export function formFault(
  form: Form,
  value: JsonValue
): { readonly path: readonly string[]; readonly reason: string } {
  const { path = [], reason = '', words = [] } = misfit(form, value) ?? {}
  const text = path.reduce<JsonValue | undefined>(member, value)
  const near = typeof text === 'string' ? nearest(text, words) : undefined
  return { path, reason: reason + suggestion(near) }
}
