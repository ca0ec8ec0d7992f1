import type { JsonObject, JsonValue } from '../base/json.ts'
import { member } from '../base/json.ts'
import type { ChoiceRecord } from '../model/type-record.ts'
import { scalarToText } from './scalar-text.ts'

type Option = ChoiceRecord['options'][number]

/**
 * The alternative that an object is (x-flow 3.1): the one that the discriminator names, else the one
 * whose schema shares most member names with it, the first of equals. Undefined when none shares any.
 */
export function chooseOption(choice: ChoiceRecord, value: JsonObject): Option | undefined {
  const named = optionNamed(choice, value)
  if (named !== undefined) return named
  let best: Option | undefined
  let most = 0
  for (const option of choice.options) {
    let shared = 0
    for (const key of option.keys) if (Object.hasOwn(value, key)) shared++
    if (shared > most) {
      best = option
      most = shared
    }
  }
  return best
}

function optionNamed(choice: ChoiceRecord, value: JsonObject): Option | undefined {
  if (choice.discriminator === null) return undefined
  const said: JsonValue | undefined = member(value, choice.discriminator)
  const text = said === undefined ? null : scalarToText('text', said)
  if (typeof text !== 'string') return undefined
  return choice.options.find(({ values }) => values.includes(text))
}
