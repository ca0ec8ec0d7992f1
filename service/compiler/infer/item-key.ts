import type { ParameterRecord } from '../../model/endpoint-record.ts'
import { templateNames } from '../endpoint/template-names.ts'
import type { TypeFields } from './parameter-property.ts'
import { parameterProperty } from './parameter-property.ts'
import type { ReadOperation } from './read-operations.ts'

/** The composite key of objects whose path has the ids of others (docs/x-flow.md#composite-keys). */
export type ItemKey = {
  /** The properties that say of which objects it is, in the order of the path. */
  readonly parents: readonly string[]
  /** The property that identifies it among these. */
  readonly own: string
}

/**
 * The key of the objects of an item path.
 *
 * @param idParam The parameter that takes the object's own id.
 * @param id Dotted path of that id in the object; null where it is not known.
 * @returns Null where the path has no ids of others.
 */
export function itemKey(
  operation: ReadOperation,
  idParam: string,
  id: string | null,
  fields: TypeFields
): ItemKey | null {
  const { path } = operation.target
  const others = parentParameters(operation, idParam)
  if (others.length === 0) return null
  const ofId = operation.parameters.find(
    ({ in: place, name }) => place === 'path' && name === idParam
  )
  const parents = new Set(others.map(record => parameterProperty(fields, record, path)))
  const own = id ?? (ofId && parameterProperty(fields, ofId, path))
  return own === undefined || parents.has(own) ? null : { parents: [...parents], own }
}

/** Whether a key has what fills an operation on one object. */
export function fillsItem(
  parents: readonly string[],
  operation: ReadOperation,
  idParam: string,
  fields: TypeFields
): boolean {
  // What is asked for one operation adds nothing to the type.
  const asked = { ...fields, custom: {} }
  return parentParameters(operation, idParam).every(record =>
    parents.includes(parameterProperty(asked, record, operation.target.path))
  )
}

/** The parameters of a path that take the ids of other objects, and have no value of their own. */
export function parentParameters(
  { target: { path }, parameters }: ReadOperation,
  idParam: string | null
): readonly ParameterRecord[] {
  return templateNames(path).flatMap(
    name =>
      parameters.find(
        record =>
          record.in === 'path' && record.name === name && name !== idParam && !isGiven(record)
      ) ?? []
  )
}

/** Whether a parameter has a value without being filled (docs/x-flow.md#parameters). */
export function isGiven({ default: usual, allowed }: ParameterRecord): boolean {
  return usual !== undefined || allowed?.length === 1
}
