import { exactNumber, numberText } from '../../base/exact-number.ts'
import type { JsonValue } from '../../base/json.ts'
import type { MadeNumber, MadeNumberSchema } from '../../model/example-record.ts'
import type { Place } from './place.ts'
import { numberAt } from './place.ts'

/** Decimals of a number whose schema names no step. */
const USUAL_DECIMALS = 2

/** More decimals are not tried where the bounds are close. */
const DECIMALS_MAX = 30

/** How far values spread from a bound where the likely one does not fit. */
const SPREAD = 100

/** A whole number of steps of a power of ten, as exact as documents write numbers. */
type Decimal = { readonly digits: bigint; readonly decimals: number }

/** The multiples of `step` that fit: from `first` to `last`, without end where these are undefined. */
type Lattice = {
  readonly step: bigint
  readonly decimals: number
  readonly first: bigint | undefined
  readonly last: bigint | undefined
}

/** The fitting number nearest below a likely one, else one near its bounds. All digits are kept. */
export function fittingNumber(schema: MadeNumberSchema, likely: number, place: Place): JsonValue {
  const wanted = decimalOf(likely)
  const lattice = latticeOf(schema, wanted.decimals)
  if (lattice === undefined) return schema.minimum ?? 0
  const { step, decimals, first, last } = lattice
  const index = floorDivide(atScale(wanted, decimals), step)
  const fits = (first === undefined || index >= first) && (last === undefined || index <= last)
  return atIndex(lattice, fits ? index : spread(lattice, numberAt(place, SPREAD)))
}

/** The nth number that fits, a whole one if there is any, counted from one where that fits; after the last the first again. */
export function ordinalNumber(schema: MadeNumberSchema, ordinal: number): JsonValue {
  const lattice = latticeOf({ ...schema, type: 'integer' }, 0) ?? latticeOf(schema, 0)
  if (lattice === undefined) return schema.minimum ?? ordinal
  const { first, last } = lattice
  const isOneLow = (first === undefined || first <= 1n) && (last === undefined || last >= 1n)
  const start = isOneLow ? 1n : (first ?? last ?? 1n)
  const index = start + BigInt(ordinal - 1)
  if (last === undefined || index <= last) return atIndex(lattice, index)
  const low = first ?? last - BigInt(SPREAD)
  return atIndex(lattice, low + ((index - last - 1n) % (last - low + 1n)))
}

function spread({ first, last }: Lattice, offset: number): bigint {
  if (first === undefined) return last === undefined ? 0n : last - BigInt(offset)
  const count = last === undefined ? BigInt(SPREAD) : last - first + 1n
  return first + (BigInt(offset) % count)
}

function atIndex({ step, decimals }: Lattice, index: bigint): JsonValue {
  return exactNumber(textOf(index * step, decimals)) ?? 0
}

function textOf(digits: bigint, decimals: number): string {
  const sign = digits < 0n ? '-' : ''
  const text = String(digits < 0n ? -digits : digits).padStart(decimals + 1, '0')
  const split = text.length - decimals
  return decimals === 0 ? sign + text : `${sign}${text.slice(0, split)}.${text.slice(split)}`
}

/** Undefined where no number fits. */
function latticeOf(schema: MadeNumberSchema, likelyDecimals: number): Lattice | undefined {
  const isWhole = schema.type === 'integer'
  if (schema.multipleOf !== undefined || isWhole) {
    const step = decimalOf(schema.multipleOf ?? 1)
    const decimals = Math.max(step.decimals, decimalsOfBounds(schema))
    const scaled = atScale(step, decimals)
    const one = 10n ** BigInt(decimals)
    const size = isWhole && scaled > 0n ? (scaled * one) / divisor(scaled, one) : scaled
    return size > 0n ? withBounds(schema, size, decimals) : undefined
  }
  for (let steps = Math.max(USUAL_DECIMALS, likelyDecimals); steps <= DECIMALS_MAX; steps++) {
    const decimals = Math.max(steps, decimalsOfBounds(schema))
    const found = withBounds(schema, 10n ** BigInt(decimals - steps), decimals)
    if (found !== undefined) return found
  }
  return undefined
}

function withBounds(schema: MadeNumberSchema, step: bigint, decimals: number): Lattice | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const scaled = (bound: MadeNumber | undefined): bigint | undefined =>
    bound === undefined ? undefined : atScale(decimalOf(bound), decimals)
  const [low, high] = [scaled(minimum), scaled(maximum)]
  const [above, below] = [scaled(exclusiveMinimum), scaled(exclusiveMaximum)]
  const lows = [
    ...(low === undefined ? [] : [-floorDivide(-low, step)]),
    ...(above === undefined ? [] : [floorDivide(above, step) + 1n])
  ]
  const highs = [
    ...(high === undefined ? [] : [floorDivide(high, step)]),
    ...(below === undefined ? [] : [-floorDivide(-below, step) - 1n])
  ]
  const first = lows.reduce<bigint | undefined>(
    (a, b) => (a === undefined || b > a ? b : a),
    undefined
  )
  const last = highs.reduce<bigint | undefined>(
    (a, b) => (a === undefined || b < a ? b : a),
    undefined
  )
  return first !== undefined && last !== undefined && first > last
    ? undefined
    : { step, decimals, first, last }
}

function decimalsOfBounds(schema: MadeNumberSchema): number {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const bounds = [minimum, maximum, exclusiveMinimum, exclusiveMaximum]
  return bounds.reduce<number>(
    (most, bound) => Math.max(most, bound === undefined ? 0 : decimalOf(bound).decimals),
    0
  )
}

function decimalOf(value: MadeNumber): Decimal {
  const [whole = '0', fraction = ''] = (numberText(value) ?? '0').split('.')
  return { digits: BigInt(whole + fraction), decimals: fraction.length }
}

/** The digits at so many decimals; further ones are cut. */
function atScale({ digits, decimals }: Decimal, wanted: number): bigint {
  return wanted >= decimals
    ? digits * 10n ** BigInt(wanted - decimals)
    : floorDivide(digits, 10n ** BigInt(decimals - wanted))
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b)
}
