import type { JsonObject } from '../../service/base/json.ts'
import type { PageSize } from './list-api.ts'

/** Random choices of a seed. */
export type Dice = {
  readonly chance: (share: number) => boolean
  readonly whole: (from: number, to: number) => number
  /** One of the choices, by their weights. */
  readonly of: <T>(...choices: readonly (readonly [weight: number, value: T])[]) => T
}

export function createDice(random: () => number): Dice {
  return {
    chance: share => random() < share,
    whole: (from, to) => from + Math.floor(random() * (to - from + 1)),
    of(...choices) {
      let left = random() * choices.reduce((sum, [weight]) => sum + weight, 0)
      const found = choices.find(([weight]) => {
        left -= weight
        return left < 0
      })
      const chosen = found ?? choices.at(-1)
      if (chosen === undefined) throw new RangeError('there is nothing to choose')
      return chosen[1]
    }
  }
}

/** Above any list of the tests. */
const UNLIMITED = 1_000

/** The pages of an API without a parameter for their size. */
export function fixedSize(size: number): PageSize {
  return { param: null, schema: {}, usual: size, cap: size, excess: 'capped', isTaken: () => true }
}

/** A parameter for the size of a page. What refuses a size is declared; a cap may be silent. */
export function makeSize(dice: Dice, param: string): PageSize {
  const isUnlimited = dice.chance(0.2)
  const cap = isUnlimited
    ? UNLIMITED
    : dice.of([2, 5], [5, 10], [1, 15], [4, 20], [2, 25], [1, 30], [2, 50])
  const usual = Math.min(cap, dice.of([2, 5], [5, 10], [1, 15], [4, 20], [2, 25], [1, 50]))
  const bound = { param, usual, cap }
  const excess = dice.chance(0.2) && !isUnlimited ? 'refused' : 'capped'
  const common: JsonObject = dice.chance(0.6) ? { default: usual } : {}
  const rule = isUnlimited
    ? 'none'
    : dice.of(
        [excess === 'refused' ? 0 : 40, 'none'],
        [45, 'maximum'],
        [3, 'exclusive'],
        [3, 'enum'],
        [2, 'multiple'],
        [3, 'minimum']
      )
  switch (rule) {
    case 'enum': {
      const sizes = [...new Set([5, usual, cap])]
      const schema = { ...common, enum: sizes }
      return { ...bound, schema, excess, isTaken: size => sizes.includes(size) }
    }
    case 'multiple': {
      const schema = { ...common, multipleOf: 5, maximum: cap }
      return { ...bound, schema, excess, isTaken: size => size > 0 && size % 5 === 0 }
    }
    case 'minimum': {
      const minimum = Math.min(usual, 5)
      const schema = { ...common, minimum, maximum: cap }
      return { ...bound, schema, excess, isTaken: size => size >= minimum }
    }
    case 'exclusive': {
      const schema = { ...common, maximum: cap + 1, exclusiveMaximum: true }
      return { ...bound, schema, excess, isTaken: size => size > 0 }
    }
    case 'maximum': {
      const schema = { ...common, ...(dice.chance(0.5) && { minimum: 1 }), maximum: cap }
      return { ...bound, schema, excess, isTaken: size => size > 0 }
    }
    default:
      return { ...bound, schema: common, excess, isTaken: size => size > 0 }
  }
}
