import type { JsonObject } from '../base/json.ts'
import { jsonEqual, ownMember } from '../base/json.ts'
import type { ChoiceRecord } from '../model/type-record.ts'
import { scalarToText } from './scalar-text.ts'

type Option = ChoiceRecord['options'][number]

/**
 * The alternative that an object matches (docs/x-flow.md#choices): the one that the discriminator names, or its
 * `defaultMapping`; else the first of those that share most constants with it, then most member names. One of which a
 * constant differs is taken only where no other is left. Undefined when none shares a name.
 */
export function chooseOption(choice: ChoiceRecord, value: JsonObject): Option | undefined {
  const named = optionNamed(choice, value)
  if (named !== undefined) return named
  const usual = choice.options.find(({ property }) => property === choice.usual)
  if (usual !== undefined) return usual
  let best: Option | undefined
  let most = [0, 0, 0]
  for (const option of choice.options) {
    let shared = 0
    for (const key of option.keys) if (Object.hasOwn(value, key)) shared++
    if (shared === 0) continue
    const { equal, differs } = matchConstants(option, value)
    const score = [differs ? 0 : 1, equal, shared]
    const at = score.findIndex((part, index) => part !== most[index])
    if (at === -1 || (score[at] ?? 0) < (most[at] ?? 0)) continue
    best = option
    most = score
  }
  return best
}

/** How many constants of an alternative an object has, and whether it has another value in place of one. */
function matchConstants(
  { constants }: Option,
  value: JsonObject
): { readonly equal: number; readonly differs: boolean } {
  const found = { equal: 0, differs: false }
  if (constants === undefined) return found
  for (const [key, constant] of Object.entries(constants)) {
    const held = ownMember(value, key)
    if (held === undefined || held === null) continue
    if (jsonEqual(held, constant)) found.equal++
    else found.differs = true
  }
  return found
}

function optionNamed(choice: ChoiceRecord, value: JsonObject): Option | undefined {
  if (choice.discriminator === null) return undefined
  const text = scalarToText('text', ownMember(value, choice.discriminator) ?? null)
  return choice.options.find(({ values }) => typeof text === 'string' && values.includes(text))
}
