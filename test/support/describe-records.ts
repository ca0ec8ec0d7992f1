import type { ContentType, PropertyRecord, TypeRecord } from '../../service/model/type-record.ts'

/** A scalar property of text, with what differs. */
export function propertyRecord(
  name: string,
  given: Partial<Pick<PropertyRecord, 'value'>> & { readonly content?: ContentType } = {}
): PropertyRecord {
  return {
    name,
    content: 'ContentString',
    key: name,
    value: { form: 'scalar', kind: 'text' },
    custom: false,
    readOnly: false,
    writeOnly: false,
    nullable: false,
    emptyAllowed: true,
    ...given
  }
}

/** A type of JSON objects, with what differs. */
export function typeRecord(
  name: string,
  properties: readonly PropertyRecord[],
  given: Partial<TypeRecord> = {}
): TypeRecord {
  return {
    name,
    summary: null,
    form: 'object',
    properties,
    choices: [],
    identity: { composite: null, candidates: [] },
    toldIds: [],
    hasRequired: false,
    mappings: {},
    pointer: '',
    ...given
  }
}
