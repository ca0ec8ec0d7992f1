import type { Form } from '../../base/form.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonObject } from '../../base/json.ts'
import { knownMembers } from '../../parse/extensions.ts'
import { ConnectionForm } from '../workflow/workflow-form.ts'

/** A connection as it may be shown: with `***` for each secret, but for a `secret:NAME`. */
export function maskSecrets(connection: JsonValue, form: Form = ConnectionForm): JsonValue {
  if (typeof connection === 'string') {
    return form.secret === true && !connection.startsWith('secret:') ? '***' : connection
  }
  const known = knownMembers(form)
  if (known === null || !isJsonObject(connection)) return connection
  const entries = Object.entries(connection).map(([name, held]) => [
    name,
    maskSecrets(held, Object.hasOwn(known, name) ? known[name] : {})
  ])
  return Object.fromEntries(entries)
}
