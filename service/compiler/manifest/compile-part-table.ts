import type { ExampleTable, MadeExampleSchema } from '../../model/example-record.ts'
import type { FieldRecord } from '../../model/field-record.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import { seedsOf } from '../example/compile-made-example.ts'

/** Rows of a table. */
const ROWS = 5

/** The form of generated values by the type of their field. */
const MADE = {
  string: { type: 'string' },
  integer: { type: 'integer', minimum: 1, maximum: 2_147_483_647 },
  long: { type: 'integer', minimum: 1 },
  float: { type: 'number' },
  double: { type: 'number' },
  boolean: { type: 'boolean' },
  timestamp: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  binary: { type: 'string', format: 'byte' }
} as const satisfies { readonly [type in FieldRecord['type']]: MadeExampleSchema }

/**
 * The example objects of a type whose fields a manifest declares, which are generated (docs/x-flow.md#example-tables);
 * null for other types.
 */
export function compilePartTable(documentUrl: string, type: TypeRecord): ExampleTable | null {
  const { name, fields, identity } = type
  if (typeof fields !== 'object') return null
  const [[id = ''] = []] = identity.candidates
  const properties = Object.fromEntries(
    fields.map(field => [field.name, madeField(field, field.name === id ? name : null)])
  )
  const items = { type: 'object', name, properties } as const
  const schema = { type: 'array', items, minItems: ROWS, maxItems: ROWS } as const
  const always = id === '' ? [] : [id]
  return { rows: [], count: ROWS, always, made: { schema, ...seedsOf(documentUrl, name) } }
}

function madeField({ type }: FieldRecord, idOf: string | null): MadeExampleSchema {
  const made = MADE[type]
  return idOf === null || made.type === 'boolean' ? made : { ...made, idOf }
}
