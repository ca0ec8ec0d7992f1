import type { FieldRecord } from './field-record.ts'
import type { ContentType, ScalarKind } from './type-record.ts'

/** How the values of a type of field travel. */
export const FIELD_FORMS = {
  string: { content: 'ContentString', kind: 'text' },
  integer: { content: 'ContentNumber', kind: 'integer' },
  long: { content: 'ContentNumber', kind: 'integer' },
  float: { content: 'ContentNumber', kind: 'number' },
  double: { content: 'ContentNumber', kind: 'number' },
  boolean: { content: 'ContentBoolean', kind: 'boolean' },
  timestamp: { content: 'ContentDateTime', kind: 'date-time' },
  date: { content: 'ContentDateTime', kind: 'date' },
  binary: { content: 'ContentString', kind: 'text' }
} as const satisfies {
  readonly [type in FieldRecord['type']]: {
    readonly content: ContentType
    readonly kind: ScalarKind
  }
}
