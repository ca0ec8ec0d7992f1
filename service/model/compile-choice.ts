import type { Pointer } from '../base/json-pointer.ts'
import { pointerParts } from '../base/json-pointer.ts'
import { isJsonObject, textMember } from '../base/json.ts'
import type { ChoiceRecord } from './types.ts'
import type { SchemaPlace, SchemaView } from './view-schema.ts'

/** The key of a component schema that stands at a place; undefined for any other place. */
export function componentKey(at: Pointer): string | undefined {
  const parts = pointerParts(at) ?? []
  const [components, schemas, key] = parts
  return parts.length === 3 && components === 'components' && schemas === 'schemas'
    ? key
    : undefined
}

/** What a choice is called: its flow type, else its component key, title, number (x-flow 3.1). */
export function choiceLabel(
  view: SchemaView | undefined,
  place: SchemaPlace,
  index: number,
  nameAt: ReadonlyMap<Pointer, string>
): string {
  const at = view?.at ?? place.at
  return nameAt.get(at) ?? componentKey(at) ?? view?.title ?? String(index + 1)
}

/** A choice that is read: its schema, and the property that it fills. */
type Option = {
  readonly view: SchemaView | undefined
  readonly place: SchemaPlace
  readonly name: string
}

/** The record of a `oneOf` or `anyOf` of objects, with the discriminator values of each choice. */
export function compileChoice(
  holder: SchemaView,
  key: string | null,
  options: readonly Option[]
): ChoiceRecord {
  const discriminator = textMember(holder.discriminator ?? undefined, 'propertyName') ?? null
  const mapping = holder.discriminator?.mapping
  const mapped = isJsonObject(mapping) ? Object.entries(mapping) : []
  return {
    key,
    discriminator,
    options: options.map(({ view, place, name }) => {
      const component = componentKey(view?.at ?? place.at)
      const declared = mapped
        .filter(([, target]) => target === component || target === `#${view?.at ?? place.at}`)
        .map(([value]) => value)
      const values = declared.length > 0 || component === undefined ? declared : [component]
      return { property: name, keys: [...(view?.properties.keys() ?? [])], values }
    })
  }
}
