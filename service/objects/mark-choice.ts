import type { JsonObject, JsonValue } from '../base/json.ts'
import { dictionary, jsonEqual, ownMember, plainText } from '../base/json.ts'
import type { BodyShape } from '../model/body-record.ts'
import type { ChoiceRecord, PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { scalarToJson } from './scalar-text.ts'
import { typeNamed, type Types } from './type-lookup.ts'

type Option = ChoiceRecord['options'][number]

/**
 * The object of a chosen alternative with what tells it apart (docs/x-flow.md#choices): its constants, and the
 * value of the discriminator where the object has none, or one that means another alternative.
 *
 * @param taken The members that the body takes; null: those of the type.
 */
export function withMarks(
  types: Types,
  choice: ChoiceRecord,
  { name, value }: PropertyRecord,
  object: JsonObject,
  taken: BodyShape['members']
): JsonObject {
  const option = choice.options.find(({ property }) => property === name)
  const type = value.form === 'object' ? typeNamed(types, value.type) : undefined
  if (option === undefined || type === undefined) return object
  const marks = dictionary<JsonValue>()
  for (const [key, mark] of Object.entries(marksOf(type, choice, option))) {
    const inBody = taken?.[key]?.as ?? key
    const held = ownMember(object, inBody)
    const isRight = key === choice.discriminator ? !isOfAnother(choice, option, held) : false
    const isKept = held !== undefined && (isRight || jsonEqual(held, mark))
    if (!isKept && isTaken(type, key, taken)) marks[inBody] = mark
  }
  const kept = Object.entries(object).filter(([key]) => !Object.hasOwn(marks, key))
  return { ...marks, ...Object.fromEntries(kept) }
}

/** The members that tell an alternative apart. */
function marksOf(type: TypeRecord, { discriminator }: ChoiceRecord, option: Option): JsonObject {
  const { constants = {}, values } = option
  const [word] = values
  if (discriminator === null || word === undefined || Object.hasOwn(constants, discriminator)) {
    return constants
  }
  const property = type.properties.find(({ key }) => key === discriminator)
  const kind = property?.value.form === 'scalar' ? property.value.kind : 'text'
  const mark = scalarToJson(kind === 'json' || kind === 'any' ? 'text' : kind, word, {
    type: type.name,
    property: discriminator
  })
  return mark === undefined ? constants : { [discriminator]: mark, ...constants }
}

/** Whether the value of a discriminator is none, or means another alternative. */
function isOfAnother(
  { options }: ChoiceRecord,
  option: Option,
  held: JsonValue | undefined
): boolean {
  if (held === undefined || held === null || held === '') return true
  const text = plainText(held)
  if (option.values.includes(text)) return false
  return options.some(({ values }) => values.includes(text))
}

/** Whether a member is written: the body takes it; where the type decides, it is not `readOnly`. */
function isTaken(type: TypeRecord, key: string, taken: BodyShape['members']): boolean {
  if (taken !== null) return Object.hasOwn(taken, key)
  return type.properties.find(property => property.key === key)?.readOnly !== true
}
