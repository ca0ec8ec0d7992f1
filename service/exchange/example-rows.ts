import type { JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { OpenModel } from '../model/connector-model.ts'
import type { ExampleTable, MadeExampleRecord } from '../model/example-record.ts'
import type { IdentityRecord, TypeRecord } from '../model/type-record.ts'
import { ownId } from '../objects/external-id.ts'
import { varyId } from '../objects/vary-id.ts'

/** What rows are read from. */
export type RowSource = {
  readonly model: Pick<OpenModel, 'tables'>
  /**
   * Generates a value.
   *
   * @throws ConnectorError `EXAMPLE_TOO_COMPLEX` and `EXAMPLE_BUSY`.
   */
  readonly generate: (record: MadeExampleRecord) => Promise<JsonValue>
}

/** The example objects of a type (docs/x-flow.md#example-tables); empty for a type without a table. */
export async function tableRows(
  { model, generate }: RowSource,
  { name, identity }: TypeRecord
): Promise<readonly JsonValue[]> {
  const table = model.tables.get(name)
  if (table === undefined) return []
  const made = table.made === undefined ? [] : await generate(table.made)
  const rows = Array.isArray(made) ? made : [made]
  return withOwnIds(identity, rowsOf(table, rows))
}

function rowsOf({ rows, count }: ExampleTable, made: readonly JsonValue[]): JsonValue[] {
  return Array.from({ length: count }, (_, index) => layOver(made[index], rows[index])).filter(
    row => row !== undefined
  )
}

/**
 * Completes the objects of an answer that the document declares by what every object has, its id among them. What
 * lacks comes from the rows of the table.
 */
export async function completed(
  source: RowSource,
  type: TypeRecord,
  declared: readonly JsonValue[]
): Promise<readonly JsonValue[]> {
  const { always = [] } = source.model.tables.get(type.name) ?? {}
  const lacks = (value: JsonValue): boolean =>
    isJsonObject(value) && always.some(key => value[key] === undefined)
  if (!declared.some(lacks)) return declared
  const rows = await tableRows(source, type)
  return withOwnIds(
    type.identity,
    declared.map((value, index) => {
      const row = rows[index % Math.max(rows.length, 1)]
      if (!isJsonObject(value) || !isJsonObject(row)) return value
      const added = always.flatMap(key => {
        const held = row[key]
        return value[key] === undefined && held !== undefined ? [[key, held] as const] : []
      })
      return { ...value, ...Object.fromEntries(added) }
    })
  )
}

/** What the schema of an answer shows of its objects, over the rows of the table. */
export async function overTable(
  source: RowSource,
  type: TypeRecord,
  shown: readonly JsonValue[]
): Promise<readonly JsonValue[]> {
  const rows = await tableRows(source, type)
  const laid = shown.map((value, index) => layOver(rows[index % Math.max(rows.length, 1)], value))
  return withOwnIds(
    type.identity,
    laid.filter(row => row !== undefined)
  )
}

/** A value over another one: members of objects are joined, anything else is replaced. */
function layOver(under: JsonValue | undefined, over: JsonValue | undefined): JsonValue | undefined {
  if (over === undefined) return under
  if (!isJsonObject(under) || !isJsonObject(over)) return over
  const members = new Map<string, JsonValue>(Object.entries(under))
  for (const [key, value] of Object.entries(over)) {
    members.set(key, layOver(members.get(key), value) ?? value)
  }
  return Object.fromEntries(members)
}

/** Rows of which no two have one id: a later one gets another. */
function withOwnIds(identity: IdentityRecord, rows: readonly JsonValue[]): readonly JsonValue[] {
  const taken = new Set<string>()
  const [path = []] = identity.candidates
  const [key = ''] = path
  return rows.map(row => {
    const id = ownId(identity, row)
    const held = isJsonObject(row) && path.length === 1 ? row[key] : undefined
    const isAgain = id !== undefined && taken.has(id) && held !== undefined
    if (!isAgain || !isJsonObject(row) || identity.composite !== null) {
      if (id !== undefined) taken.add(id)
      return row
    }
    let by = 1
    while (taken.has(varyId(id, by))) by++
    const other = varyId(id, by)
    taken.add(other)
    return { ...row, [key]: likeValue(held, other) }
  })
}

/** The text of an id as a JSON value of the kind of another one. */
function likeValue(like: JsonValue, text: string): JsonValue {
  const number = Number(text)
  return typeof like === 'number' && Number.isSafeInteger(number) ? number : text
}

/** An object with an id, where it has none of its own; an id of several parts is left as it is. */
export function withId(
  { identity, properties }: TypeRecord,
  value: JsonValue,
  id: string
): JsonValue {
  const [path = []] = identity.candidates
  const [key = ''] = path
  const isOne = path.length === 1 && identity.composite === null
  if (!isOne || !isJsonObject(value) || ownId(identity, value) !== undefined) return value
  const property = properties.find(each => each.key === key)
  const kind = property?.value.form === 'scalar' ? property.value.kind : 'text'
  const isNumber = kind === 'integer' || kind === 'number'
  return { ...value, [key]: isNumber ? likeValue(0, id) : id }
}
