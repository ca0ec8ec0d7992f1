import type { ContentType, PropertyRecord, ScalarKind } from './type-record.ts'

/** How the values of a field of a manifest travel, and which way. */
export type FieldForm = Pick<PropertyRecord, 'readOnly' | 'writeOnly'> & {
  readonly content: ContentType
  readonly kind: ScalarKind
}

/** The property of a field: a scalar that may be null. */
export function fieldProperty(
  name: string,
  key: string,
  { content, kind, readOnly, writeOnly }: FieldForm
): PropertyRecord {
  return {
    ...{ name, content, key, readOnly, writeOnly },
    value: { form: 'scalar', kind },
    custom: false,
    nullable: true,
    emptyAllowed: kind === 'text'
  }
}
