import type { SchemaElement } from 'hyparquet'

import type { JsonValue } from '../base/json.ts'
import type { FieldRecord } from '../model/field-record.ts'
import { FIELD_FORMS } from '../model/field-forms.ts'
import { scalarToText } from '../objects/scalar-text.ts'

/** A value as Parquet has it. Timestamps are microseconds and dates days since 1970. */
export type ParquetValue = string | number | bigint | boolean | Uint8Array | null

type Form = {
  readonly element: Omit<SchemaElement, 'name' | 'repetition_type'>
  /** Undefined for text that is none of the type. */
  readonly read: (text: string) => Exclude<ParquetValue, null> | undefined
}

const FORMS: { readonly [type in FieldRecord['type']]: Form } = {
  string: {
    element: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
    read: text => text
  },
  integer: { element: { type: 'INT32' }, read: Number },
  long: { element: { type: 'INT64' }, read: text => BigInt(text.split('.', 1)[0] ?? '') },
  float: { element: { type: 'FLOAT' }, read: text => finite(Math.fround(Number(text))) },
  double: { element: { type: 'DOUBLE' }, read: text => finite(Number(text)) },
  boolean: { element: { type: 'BOOLEAN' }, read: text => text === 'true' },
  timestamp: {
    element: {
      type: 'INT64',
      converted_type: 'TIMESTAMP_MICROS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' }
    },
    read: microseconds
  },
  date: {
    element: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
    read: days
  },
  binary: { element: { type: 'BYTE_ARRAY' }, read: text => Buffer.from(text, 'base64') }
}

/** How the schema of a Parquet file has a field; each may be null. */
export function parquetElement({ name, type }: FieldRecord): SchemaElement {
  return { name, repetition_type: 'OPTIONAL', ...FORMS[type].element }
}

/**
 * A value of an answer as Parquet has it; objects and lists in a field of text are their JSON.
 *
 * @returns Undefined for a value that is none of the type.
 */
export function parquetValue(
  type: FieldRecord['type'],
  value: JsonValue | undefined
): ParquetValue | undefined {
  const text = scalarToText(FIELD_FORMS[type].kind, value ?? null)
  return text === undefined || text === null ? text : FORMS[type].read(text)
}

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined
}

const DAY_MS = 86_400_000

function days(text: string): number | undefined {
  return finite(Math.floor(Date.parse(text.slice(0, 10)) / DAY_MS))
}

/** A moment with the digits of its second behind the third, which `Date` does not have. */
const FRACTION = /\.(\d{1,30})/

function microseconds(text: string): bigint | undefined {
  const [written = '', digits = ''] = FRACTION.exec(text) ?? []
  const seconds = Date.parse(text.replace(written, ''))
  if (Number.isNaN(seconds)) return undefined
  return BigInt(seconds) * 1000n + BigInt(digits.slice(0, 6).padEnd(6, '0'))
}
