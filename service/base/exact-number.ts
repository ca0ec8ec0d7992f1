import type { ExactNumber, JsonValue } from './json.ts'
import { isExactNumber } from './json.ts'
import { jsonStringEnd } from './json-text.ts'
import { trimTrailing } from './trim-trailing.ts'

/** A number with more digits than this, written out, is no value (design 3). */
const DIGITS_MAX = 400

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
/** Digits and dots in a row from which on a number may be too long for a double. */
const RUN = 16
const EXPONENT = /\d[eE][+-]?\d/
const LONG_OR_EXPONENT = /[\d.]{16}|\d[eE][+-]?\d/

/**
 * Parses JSON text and keeps every digit of every number.
 *
 * Takes the engine's own parser when no number has more than 15 digits or an exponent, which one
 * scan decides; else the parser that hands out each number's source text.
 *
 * @throws SyntaxError when `text` is not JSON.
 */
export function parseJson(text: string): JsonValue {
  return parseWritten(text)
}

/**
 * The same for text that `JSON.stringify` wrote of a `T` that is plain JSON.
 *
 * @throws SyntaxError when `text` is not JSON.
 */
export function parseWritten<T>(text: string): T {
  if (!hasLongNumber(text)) return JSON.parse(text)
  try {
    return JSON.parse(text, reviveExactly)
  } catch (error) {
    // The engine's parser takes any depth, its reviver only what the stack takes.
    throw error instanceof RangeError ? new SyntaxError('nested too deeply') : error
  }
}

function hasLongNumber(text: string): boolean {
  if (!hasLongRun(text) && !EXPONENT.test(text)) return false
  for (let start = 0; start < text.length; ) {
    const quote = text.indexOf('"', start)
    const end = quote === -1 ? text.length : quote
    // Most of what stands between strings is a colon or a comma alone.
    if (end - start > 2 && LONG_OR_EXPONENT.test(text.slice(start, end))) return true
    start = jsonStringEnd(text, end)
  }
  return false
}

/** Whether 16 digits and dots stand in a row anywhere: one of them is then at a multiple of 16. */
function hasLongRun(text: string): boolean {
  for (let at = RUN - 1; at < text.length; at += RUN) {
    if (!isDigitOrDot(text.charCodeAt(at))) continue
    let start = at
    let end = at + 1
    while (isDigitOrDot(text.charCodeAt(start - 1))) start--
    while (isDigitOrDot(text.charCodeAt(end))) end++
    if (end - start >= RUN) return true
  }
  return false
}

function isDigitOrDot(unit: number): boolean {
  return unit <= 0x39 && unit >= 0x2e && unit !== 0x2f
}

function reviveExactly(_key: string, value: JsonValue, context?: { source?: string }): JsonValue {
  if (typeof value !== 'number' || context?.source === undefined) return value
  return exactNumber(context.source) ?? null
}

/**
 * The JSON number that decimal text stands for, as a double where that says the same, else with its
 * digits; undefined for text that is no number or longer than 400 digits.
 *
 * @param text Decimal, with or without sign, fraction and exponent: `12`, `-0.50`, `1e21`.
 */
export function exactNumber(text: string): number | ExactNumber | undefined {
  const plain = plainDecimal(text)
  if (plain === undefined) return undefined
  const double = Number(plain)
  return String(double) === plain ? double : JSON.rawJSON(plain)
}

/** Decimal text of a JSON number, never with an exponent; undefined past 400 digits or for NaN. */
export function numberText(value: number | ExactNumber): string | undefined {
  return plainDecimal(isExactNumber(value) ? value.rawJSON : String(value))
}

/**
 * Writes decimal text without exponent, leading zeros and trailing zeros of the fraction.
 * `-0` is `0`. Undefined for text that is no number, or that needs more than 400 digits.
 */
function plainDecimal(text: string): string | undefined {
  const match = NUMBER.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  if (/^0*$/.test(digits)) return '0'
  if (point > DIGITS_MAX + digits.length || point < -DIGITS_MAX) return undefined
  const padded = digits.padStart(digits.length + Math.max(0, 1 - point), '0')
  const split = Math.max(1, point)
  const before = padded
    .slice(0, split)
    .padEnd(split, '0')
    .replace(/^0+(?=\d)/, '')
  const after = trimTrailing(padded.slice(split), '0')
  if (before.length + after.length > DIGITS_MAX) return undefined
  return `${sign === '-' ? '-' : ''}${before}${after === '' ? '' : `.${after}`}`
}
