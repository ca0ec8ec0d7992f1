import type { JsonValue } from './json.ts'
import { isExactNumber, isJsonArray, isJsonObject } from './json.ts'

/** Text that YAML reads as itself without quotes, also in flow style: no number, no boolean, no mark. */
const PLAIN = /^[A-Za-z_/$][\w/$.-]*$/

/** Words that YAML 1.1 or 1.2 reads as something else. */
const RESERVED = /^(true|false|null|yes|no|on|off|y|n)$/i

/** Writes a value as YAML in flow style, in one line: `{ path: /pets, parameters: { petId: id } }`. */
export function yamlFlow(value: JsonValue): string {
  if (isExactNumber(value)) return value.rawJSON
  if (isJsonArray(value)) return `[${value.map(yamlFlow).join(', ')}]`
  if (!isJsonObject(value))
    return typeof value === 'string' ? yamlText(value) : JSON.stringify(value)
  const members = Object.entries(value).map(([key, held]) => `${yamlText(key)}: ${yamlFlow(held)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

function yamlText(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) ? text : JSON.stringify(text)
}
