import { numberText } from '../base/exact-number.ts'
import type { JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, ownMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { FieldRecord } from '../model/field-record.ts'
import { FIELD_FORMS } from '../model/field-forms.ts'
import { scalarToText } from './scalar-text.ts'

/** The words for each type in messages. */
export const EXPECTED: { readonly [type in FieldRecord['type']]: string } = {
  string: 'text',
  integer: 'a whole number of 32 bits',
  long: 'a whole number of 64 bits',
  float: 'a number',
  double: 'a number',
  boolean: 'true or false',
  timestamp: 'a date and time',
  date: 'a date',
  binary: 'base64'
}

/** Whole numbers of so many bits, the sign included. */
const BITS = { integer: 32n, long: 64n } as const

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/

/**
 * Checks a record against the fields that a manifest declares (docs/pipelines.md#schema). A field may be null or absent;
 * other members are not looked at. Values are read in the same forms as those of any type.
 *
 * @param number The number of the record, for the problem.
 * @throws ConnectorError `RECORD_MISFIT` with the number of the record and the field, never with its value.
 */
export function enforceFields(
  type: string,
  fields: readonly FieldRecord[],
  record: JsonValue,
  number: number
): void {
  // What is no object is left out, with a warning, when it is decoded.
  if (!isJsonObject(record)) return
  for (const field of fields) {
    const value = ownMember(record, field.name) ?? null
    if (fitsField(field.type, value)) continue
    throw new ConnectorError('RECORD_MISFIT', {
      ...{ type, record: number, field: field.name },
      given: valueWords(value),
      expected: EXPECTED[field.type]
    })
  }
}

function fitsField(type: FieldRecord['type'], value: JsonValue): boolean {
  if (value === null) return true
  if (isJsonObject(value) || isJsonArray(value)) return false
  const text = scalarToText(FIELD_FORMS[type].kind, value)
  if (text === undefined) return false
  if (type === 'integer' || type === 'long') return text === null || isWhole(text, BITS[type])
  return type !== 'binary' || (typeof value === 'string' && BASE64.test(value))
}

/** Whether decimal text is a whole number of so many bits. */
function isWhole(text: string, bits: bigint): boolean {
  if (!/^-?\d{1,20}(?:\.0{1,400})?$/.test(text)) return false
  const number = BigInt(text.split('.', 1)[0] ?? '')
  const limit = 2n ** (bits - 1n)
  return number >= -limit && number < limit
}

/** The kind of a value in words, without the value. */
export function valueWords(value: JsonValue): string {
  if (isJsonArray(value)) return 'a list'
  if (typeof value === 'string') return value === '' ? 'blank text' : 'text'
  if (typeof value === 'boolean') return 'true or false'
  if (typeof value === 'number')
    return Number.isInteger(value) ? 'a whole number' : 'a number with decimals'
  return isExactNumber(value) ? numberKind(numberText(value)) : 'an object'
}

function numberKind(text: string | undefined): string {
  return text === undefined || text.includes('.')
    ? 'a number with decimals'
    : 'a large whole number'
}
