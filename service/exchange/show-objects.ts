import type { JsonValue } from '../base/json.ts'
import { isJsonArray } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { OpenModel } from '../model/connector-model.ts'
import { isRead } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { compositeParts, mainId, ownId } from '../objects/external-id.ts'
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
  if (!isSave) return { objects, newIds: [], ids: [] }
  const others = [...(await queryRows(source, type)), ...(await tableRows(source, type))]
  return {
    objects: objects.slice(0, declared === undefined ? 1 : undefined),
    newIds: declared?.map(value => mainId(identity, value) ?? null) ?? [],
    ids: [...new Set(others.flatMap(row => mainId(identity, row) ?? []))]
  }
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
  const parts = new Map(Object.entries(compositeParts(id, type.identity) ?? {}))
  const customs = new Map([...parts].filter(([name]) => isCustom(type, name)))
  const isAsked = (value: JsonValue): boolean => ownId(type.identity, value, customs) === id
  for (const given of [body, ...Object.values(answer.named)]) {
    const objects = given == null ? [] : declaredObjects(asked, given)
    const found = isJsonArray(objects) ? objects.find(isAsked) : undefined
    if (found !== undefined) return (await completed(source, type, [found]))[0]
  }
  return (
    (await queryRows(source, type)).find(isAsked) ?? (await tableRows(source, type)).find(isAsked)
  )
}

function isCustom({ properties }: TypeRecord, name: string): boolean {
  return properties.some(property => property.custom && property.name === name)
}

/** The objects that the query of a type shows; none if an API answers it, or nothing. */
async function queryRows(source: ShownSource, type: TypeRecord): Promise<readonly JsonValue[]> {
  const { mappings, endpoints } = source.model
  const mapping = mappings.get(type.mappings.query ?? '')
  const endpoint = endpoints.get(mapping?.endpoint ?? '')
  if (mapping === undefined || endpoint === undefined || mapping.example === null) return []
  try {
    const chosen = chooseExample(source.model, endpoint, mapping)
    if (chosen.status < 200 || chosen.status > 299) return []
    const asked = { mapping, endpoint, type }
    const shown = await showObjects(source, asked, chosen, null)
    return typeof shown === 'string' ? [] : shown.objects
  } catch (error) {
    // The query itself tells what is wrong with it.
    if (error instanceof ConnectorError) return []
    throw error
  }
}
