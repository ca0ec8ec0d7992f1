import type { JsonValue } from '../base/json.ts'
import { dictionary, ownMember } from '../base/json.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { isEmptyProperty, showsNothing } from './as-came.ts'
import { isHidden } from './type-reading.ts'
import { type Types, valuesByName } from './type-lookup.ts'
import type { FlowObject, Unseen } from './types.ts'

/**
 * What a flow has not seen of an object that it saved: of the properties in the answer what the answer
 * says; of the others what was unseen before, but for what the flow has filled, and those that it lacks.
 * Undefined for nothing.
 *
 * @param given.isReturned Whether the answer has a property.
 */
export function unseenAfterSave(
  types: Types,
  type: TypeRecord,
  given: {
    readonly sent: FlowObject
    readonly returned: FlowObject | undefined
    readonly isReturned: (property: PropertyRecord) => boolean
  }
): Unseen | undefined {
  const { sent, returned, isReturned } = given
  const values = valuesByName(sent)
  const absent: string[] = []
  const asCame = dictionary<JsonValue>()
  for (const property of type.properties) {
    const { name, key, custom, writeOnly } = property
    if (isHidden(property)) absent.push(name)
    if (custom || writeOnly || key === null) continue
    const isFromAnswer = isReturned(property)
    const came = ownMember((isFromAnswer ? returned : sent)?.unseen?.asCame ?? {}, name)
    const value = values.get(name.toLowerCase())
    const isFilled = value !== undefined && !isEmptyProperty(property, value)
    const wasAbsent = value === undefined || sent.unseen?.absent.includes(name) === true
    if (came !== undefined) {
      const isReplaced = !isFromAnswer && isFilled && showsNothing(types, type, property, came)
      if (!isReplaced) asCame[name] = came
    } else if (!isFromAnswer && !isFilled && wasAbsent) absent.push(name)
  }
  const isNothing = absent.length === 0 && Object.keys(asCame).length === 0
  return isNothing ? undefined : { absent, asCame }
}
