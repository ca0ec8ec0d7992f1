import { numberText } from '../base/exact-number.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonArray, ownMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { MadeNumber } from '../model/example-record.ts'
import type { OpenModel } from '../model/connector-model.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import { isRead } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { mappingKeys } from '../model/type-record.ts'
import { compositeParts, isGeneratedId, mainId, ownId } from '../objects/external-id.ts'
import type { AskedAnswer } from '../objects/judge-answer.ts'
import { judgeAnswer } from '../objects/judge-answer.ts'
import type { ChosenExample } from './choose-example.ts'
import { chooseExample } from './choose-example.ts'
import type { RowSource } from './example-rows.ts'
import { completed, overTable, tableRows, withId } from './example-rows.ts'
import type { ShownObjects } from './types.ts'

/** What the examples of a document are read from. */
export type ShownSource = RowSource & { readonly model: OpenModel }

/**
 * The objects that an example shows (docs/x-flow.md#examples): those of the declared body, else those that the schemas
 * show. A load by id and an update get the object with that id.
 *
 * @returns `refusal` for a body that refuses the call; `nothing` where the document shows no object.
 */
export async function showObjects(
  source: ShownSource,
  asked: AskedAnswer,
  chosen: ChosenExample,
  id: string | null
): Promise<ShownObjects | 'refusal' | 'nothing'> {
  const { mapping, type } = asked
  const { identity } = type
  const { body } = chosen
  const declared = body == null ? undefined : declaredObjects(asked, body)
  if (declared === 'refusal') return declared
  // An update without an id creates the object.
  const isSave = mapping.verb === 'save' || (mapping.verb === 'update' && id === null)
  const given = { ...chosen, declared, id: isSave ? null : id }
  const objects = await objectsOf(source, asked, given)
  if (objects === undefined) return 'nothing'
  if (!isSave) return { objects, newIds: [], ids: NO_IDS, lastId: null, largestId: null }
  return {
    objects: objects.slice(0, declared === undefined ? 1 : undefined),
    newIds: declared?.map(value => mainId(identity, value) ?? null) ?? [],
    ...(await idsOf(source, type))
  }
}

const NO_IDS: ReadonlySet<string> = new Set()

type ShownIds = Pick<ShownObjects, 'ids' | 'lastId' | 'largestId'>

const knownIds = new WeakMap<TypeRecord, ShownIds>()

/** The ids of all objects that the examples of a type show: they are the same as long as its record is in use. */
async function idsOf(source: ShownSource, type: TypeRecord): Promise<ShownIds> {
  const known = knownIds.get(type)
  if (known !== undefined) return known
  const rows = [...(await queryRows(source, type)), ...(await tableRows(source, type))]
  const ids = new Set(rows.flatMap(row => mainId(type.identity, row) ?? []))
  const shown = { ids, lastId: lastOf(ids), largestId: largestOf(source.model.tables, type) }
  knownIds.set(type, shown)
  return shown
}

/** The largest whole number that the schema of an id allows; null for any. */
function largestOf(tables: OpenModel['tables'], { name, identity }: TypeRecord): bigint | null {
  const { schema } = tables.get(name)?.made ?? {}
  const items = schema !== undefined && 'items' in schema ? schema.items : undefined
  const properties = items !== undefined && 'properties' in items ? items.properties : {}
  const id = ownMember(properties, identity.candidates[0]?.[0] ?? '')
  if (id === undefined || !('type' in id)) return null
  if (id.type !== 'integer' && id.type !== 'number') return null
  const bounds = [id.maximum, id.exclusiveMaximum].map(bound => wholePart(bound))
  const [most, below] = [bounds[0], bounds[1] === undefined ? undefined : bounds[1] - 1n]
  if (most === undefined || below === undefined) return most ?? below ?? null
  return most < below ? most : below
}

/** Of a number without an exponent, as bounds of ids are written; undefined for any other. */
function wholePart(bound: MadeNumber | undefined): bigint | undefined {
  const digits = /^-?\d{1,30}/.exec(bound === undefined ? '' : (numberText(bound) ?? ''))?.[0]
  return digits === undefined ? undefined : BigInt(digits)
}

/** The last id that an API may have given; of whole numbers the largest. */
function lastOf(ids: ReadonlySet<string>): string | null {
  let [last, largest]: [string | null, number] = [null, -1]
  let areNumbers = true
  for (const id of ids) {
    if (isGeneratedId(id)) continue
    areNumbers &&= /^\d{1,15}$/.test(id)
    if (areNumbers && Number(id) <= largest) continue
    last = id
    largest = Number(id)
  }
  return last
}

/** What is known of the objects of an answer. */
type GivenObjects = ChosenExample & {
  /** Those of its body; undefined for none. */
  readonly declared: readonly JsonValue[] | undefined
  /** Of the one that is asked for. */
  readonly id: string | null
}

async function objectsOf(
  source: ShownSource,
  { mapping: { verb }, endpoint, type, mapping }: AskedAnswer,
  given: GivenObjects
): Promise<readonly JsonValue[] | undefined> {
  const { body, answer, declared, id } = given
  const isEmpty = body === null || (body === undefined && answer.isEmpty === true)
  if (isEmpty && body === null && isRead(verb)) return []
  if (isEmpty && !isRead(verb)) return [{}]
  if (id !== null && !given.isNamed) {
    const found = await objectWithId(source, { mapping, endpoint, type }, given, id)
    if (found !== undefined) return [found]
  }
  if (declared !== undefined) {
    const own = id === null ? declared : declared.map(value => withId(type, value, id))
    return completed(source, type, own)
  }
  const rows =
    answer.rows === undefined
      ? await tableRows(source, type)
      : await overTable(source, type, answer.rows)
  if (rows.length === 0) return isRead(verb) ? undefined : [{}]
  const isList = answer.form === undefined ? verb === 'query' : answer.form === 'list'
  return isList && id === null ? rows : rows.slice(0, 1)
}

/** The objects of a declared body; undefined where it has none, although there should be some. */
function declaredObjects(
  asked: AskedAnswer,
  body: JsonValue
): readonly JsonValue[] | 'refusal' | undefined {
  const { is, values } = judgeAnswer(asked, { status: 200, body })
  if (is === 'refusal') return is
  return is === 'list' || is === 'object' ? values : undefined
}

/** The object with an id: in a named example, in the list that the query shows, or in the table. */
async function objectWithId(
  source: ShownSource,
  asked: AskedAnswer,
  { body, answer }: ChosenExample,
  id: string
): Promise<JsonValue | undefined> {
  const { type } = asked
  const find = finderOf(type, id)
  for (const given of [body, ...Object.values(answer.named)]) {
    const objects = given == null ? [] : declaredObjects(asked, given)
    const found = isJsonArray(objects) ? find(objects) : undefined
    if (found !== undefined) return (await completed(source, type, [found]))[0]
  }
  return find(await queryRows(source, type)) ?? find(await tableRows(source, type))
}

/** Objects by their ids, for lists that are searched again and again. */
const indexes = new WeakMap<readonly JsonValue[], ReadonlyMap<string, JsonValue>>()

/** Shorter lists are searched. */
const INDEXED_MIN = 50

/** Finds the object with an id in a list. */
function finderOf(
  type: TypeRecord,
  id: string
): (objects: readonly JsonValue[]) => JsonValue | undefined {
  const { identity } = type
  const parts = Object.entries(compositeParts(id, identity) ?? {})
  const customs = new Map(parts.filter(([name]) => isCustom(type, name)))
  return objects => {
    if (objects.length < INDEXED_MIN || customs.size > 0) {
      return objects.find(value => ownId(identity, value, customs) === id)
    }
    const known = indexes.get(objects)
    if (known !== undefined) return known.get(id)
    const index = new Map<string, JsonValue>()
    for (const value of objects) {
      const own = ownId(identity, value)
      if (own !== undefined && !index.has(own)) index.set(own, value)
    }
    indexes.set(objects, index)
    return index.get(id)
  }
}

function isCustom({ properties }: TypeRecord, name: string): boolean {
  return properties.some(property => property.custom && property.name === name)
}

/** The objects that queries show: they are the same as long as a mapping is in use. */
const queried = new WeakMap<MappingRecord, readonly JsonValue[]>()

/** The objects that the query of a type shows; none if an API answers it, or nothing. */
async function queryRows(source: ShownSource, type: TypeRecord): Promise<readonly JsonValue[]> {
  const { mappings, endpoints } = source.model
  const queries = mappingKeys(type, 'query').flatMap(key => mappings.get(key) ?? [])
  const mapping = queries.find(({ example }) => example !== null)
  const endpoint = endpoints.get(mapping?.endpoint ?? '')
  if (mapping === undefined || endpoint === undefined) return []
  const known = queried.get(mapping)
  if (known !== undefined) return known
  const rows = await readQuery(source, { mapping, endpoint, type })
  queried.set(mapping, rows)
  return rows
}

async function readQuery(source: ShownSource, asked: AskedAnswer): Promise<readonly JsonValue[]> {
  let chosen: ChosenExample
  try {
    chosen = chooseExample(source.model, asked.endpoint, asked.mapping)
  } catch (error) {
    // The query itself tells what is wrong with it.
    if (error instanceof ConnectorError) return []
    throw error
  }
  if (chosen.status < 200 || chosen.status > 299) return []
  const shown = await showObjects(source, asked, chosen, null)
  return typeof shown === 'string' ? [] : shown.objects
}
