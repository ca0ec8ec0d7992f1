/** No amount is longer. */
const LENGTH_MAX = 64

/** Groups of three digits with one sign between them, and perhaps a decimal sign: `1.234,50`. */
const GROUPED = /^([+-]?)(\d{1,3})([,. '’\u00a0\u202f])(\d{3}(?:\3\d{3})*)(?:([.,])(\d+))?$/

/**
 * Reads an amount with grouped digits as a plain decimal (docs/x-flow.md#values-in-other-forms), where two
 * different signs or a repeated one tell which is which. Undefined for anything else: `1,234` is a decimal in
 * one country and a whole number in another.
 *
 * @example readGrouped('1,234.50') // '1234.50'
 */
export function readGrouped(text: string): string | undefined {
  const match = text.length > LENGTH_MAX ? null : GROUPED.exec(text)
  if (match === null) return undefined
  const [, sign = '', first = '', separator = '', groups = '', point, decimals = ''] = match
  const isClear = point === undefined ? groups.includes(separator) : point !== separator
  if (!isClear) return undefined
  const whole = first + groups.replaceAll(separator, '')
  return `${sign}${whole}${point === undefined ? '' : '.'}${decimals}`
}

/**
 * Writes a plain decimal with the signs of another amount, and with at least as many decimals. Undefined
 * where the other one is not grouped.
 */
export function writeGroupedLike(decimal: string, other: string): string | undefined {
  if (readGrouped(other) === undefined) return undefined
  const [, , , separator = '', , point, decimals = ''] = GROUPED.exec(other) ?? []
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
  const groups: string[] = []
  for (let end = whole.length; end > 0; end -= 3) {
    groups.unshift(whole.slice(Math.max(0, end - 3), end))
  }
  const padded = fraction.padEnd(decimals.length, '0')
  const sign = decimal.startsWith('-') ? '-' : ''
  const end = padded === '' ? '' : (point ?? (separator === '.' ? ',' : '.')) + padded
  return `${sign}${groups.join(separator)}${end}`
}
