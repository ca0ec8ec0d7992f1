import type { ExactNumber, JsonValue } from './json.ts'
import { isExactNumber } from './json.ts'
import { jsonStringEnd } from './json-text.ts'
import { trimTrailing } from './trim-trailing.ts'

/** A number whose plain decimal form has more digits is not accepted (docs/protocol.md#values). */
const DIGITS_MAX = 400

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
/** A run of this many digits and dots may be a number that a double cannot hold. */
const RUN = 16
const EXPONENT = /\d[eE][+-]?\d/
const LONG_OR_EXPONENT = /[\d.]{16}|\d[eE][+-]?\d/

/**
 * Parses JSON and keeps every digit of every number. Text without long numbers and exponents takes the
 * fast path, `JSON.parse` without a reviver.
 *
 * @throws SyntaxError when `text` is not JSON.
 */
export function parseJson(text: string): JsonValue {
  return parseWritten(text)
}

/**
 * The same for text that `JSON.stringify` wrote of a `T`.
 *
 * @throws SyntaxError when `text` is not JSON.
 */
export function parseWritten<T>(text: string): T {
  if (!hasLongNumber(text)) return JSON.parse(text)
  try {
    return JSON.parse(text, reviveExactly)
  } catch (error) {
    // The reviver recurses, so deep nesting overflows the stack.
    throw error instanceof RangeError ? new SyntaxError('nested too deeply') : error
  }
}

function hasLongNumber(text: string): boolean {
  if (!hasLongRun(text) && !EXPONENT.test(text)) return false
  for (let start = 0; start < text.length; ) {
    const quote = text.indexOf('"', start)
    const end = quote === -1 ? text.length : quote
    // Between strings there is mostly a single colon or comma.
    if (end - start > 2 && LONG_OR_EXPONENT.test(text.slice(start, end))) return true
    start = jsonStringEnd(text, end)
  }
  return false
}

/** Whether there are 16 digits and dots in a row. Such a run covers one of every 16 offsets. */
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
 * Parses decimal text: a double when it is exact, else an ExactNumber. Undefined for text that is not a
 * number or has more than 400 digits.
 *
 * @param text Decimal, with or without sign, fraction and exponent: `12`, `-0.50`, `1e21`.
 */
export function exactNumber(text: string): number | ExactNumber | undefined {
  const plain = plainDecimal(text)
  if (plain === undefined) return undefined
  const double = Number(plain)
  return String(double) === plain ? double : JSON.rawJSON(plain)
}

/** Writes a number in decimal, without exponent; undefined for NaN or more than 400 digits. */
export function numberText(value: number | ExactNumber): string | undefined {
  return plainDecimal(isExactNumber(value) ? value.rawJSON : String(value))
}

/**
 * Rewrites decimal text without exponent, leading zeros and trailing zeros of the fraction. `-0` becomes
 * `0`. Undefined for text that is not a number or needs more than 400 digits.
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
