import { counted } from '../../counted.js'

/** @import { TypeElement } from '../../../protocol/schemas.ts' */
/** @import { TryAnswer } from '../../../protocol/try-schemas.ts' */

/** @typedef {'query' | 'load' | 'save' | 'update' | 'delete'} Verb */
/** @typedef {TryAnswer['objects'][number]} FlowObject */
/** @typedef {{ column: string, criterion: string, value: string }} Condition */

/**
 * What is filled in to try a type. Verbs share it, so that the id of an object that was saved can be loaded.
 *
 * @typedef {{
 *   conditions: readonly Condition[],
 *   join: 'AND' | 'OR',
 *   search: string,
 *   order: string,
 *   direction: 'ASC' | 'DESC',
 *   limit: string,
 *   id: string,
 *   fields: Readonly<Record<string, string>>
 * }} TryForm
 */

/** @typedef {{ offset: number, offsetToken: string | null }} Position */

/**
 * The verbs of mappings with their titles, in the order in which a type is mostly tried.
 *
 * @type {readonly { readonly name: Verb, readonly title: string }[]}
 */
export const VERBS = [
  { name: 'query', title: 'Query' },
  { name: 'load', title: 'Load' },
  { name: 'save', title: 'Save' },
  { name: 'update', title: 'Update' },
  { name: 'delete', title: 'Delete' }
]

/** @type {TryForm} */
export const EMPTY_FORM = {
  conditions: [],
  join: 'AND',
  search: '',
  order: '',
  direction: 'ASC',
  limit: '20',
  id: '',
  fields: {}
}

/** @type {Position} */
export const FIRST = { offset: 0, offsetToken: null }

/** Names the flow, so that the connector knows in an update what it has shown of the object. */
const STATE_ID = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
  byte.toString(16).padStart(2, '0')
).join('')

/**
 * The body of `POST /try`, but for the configuration values.
 *
 * @param {Verb} verb
 * @param {TypeElement} type
 * @param {TryForm} form
 * @param {Position} position
 */
export function trialRequest(verb, type, form, position) {
  const common = commonOf(verb, type)
  switch (verb) {
    case 'query':
      return { ...common, listFilter: listFilterOf(form, position) }
    case 'load':
      return { ...common, listFilter: { id: form.id.trim() } }
    case 'delete':
      return { ...common, objectData: [objectOf(type, form.id, {})] }
    case 'save':
      return { ...common, objectData: [objectOf(type, '', form.fields)] }
    default:
      return { ...common, objectData: [objectOf(type, form.id, form.fields)] }
  }
}

/**
 * Where a value is in an object: a property, or a property, which of its objects, and where it is in that.
 *
 * @typedef {readonly (string | number)[]} Path
 */

/**
 * Writes an object back as a flow does: all that was loaded, with one value changed.
 *
 * @param {TypeElement} type
 * @param {FlowObject} object
 * @param {Path} path
 * @param {string} contentValue
 */
export function editRequest(type, object, path, contentValue) {
  return { ...commonOf('update', type), objectData: [changedAt(object, path, contentValue)] }
}

/**
 * @param {FlowObject} object
 * @param {Path} path
 * @param {string} contentValue
 * @returns {FlowObject}
 */
function changedAt(object, [name, at, ...rest], contentValue) {
  const properties = object.properties.map(each => {
    if (each.developerName !== name) return each
    if (at === undefined) return { ...each, contentValue }
    const objectData = (each.objectData ?? []).map((inner, index) =>
      index === at ? changedAt(inner, rest, contentValue) : inner
    )
    return { ...each, objectData }
  })
  return { ...object, properties }
}

/**
 * @param {TypeElement} type
 * @param {FlowObject} object
 */
export function deleteRequest(type, object) {
  return { ...commonOf('delete', type), objectData: [object] }
}

/** @param {Verb} verb @param {TypeElement} type */
function commonOf(verb, { developerName }) {
  return { verb, stateId: STATE_ID, objectDataType: { developerName } }
}

/** @param {TryForm} form @param {Position} position */
function listFilterOf({ conditions, join, search, order, direction, limit }, position) {
  const where = conditions
    .filter(({ column }) => column !== '')
    .map(({ column, criterion, value }) => ({
      columnName: column,
      criteriaType: criterion,
      contentValue: value
    }))
  return {
    limit: Math.max(0, Math.trunc(Number(limit)) || 0),
    offset: position.offset,
    ...(position.offsetToken !== null && { offsetToken: position.offsetToken }),
    ...(where.length > 0 && { comparisonType: join, where }),
    ...(search.trim() !== '' && { search: search.trim() }),
    ...(order !== '' && { orderBy: [{ columnName: order, direction }] })
  }
}

/**
 * Only what was filled in is sent.
 *
 * @param {TypeElement} type
 * @param {string} id
 * @param {TryForm['fields']} fields
 */
function objectOf(type, id, fields) {
  const filled = type.properties.filter(({ developerName }) => (fields[developerName] ?? '') !== '')
  return {
    externalId: id.trim() === '' ? null : id.trim(),
    developerName: type.developerName,
    properties: filled.map(({ developerName, contentType }) => ({
      developerName,
      contentType,
      contentValue: fields[developerName]
    }))
  }
}

/** The digits of a limit, of which it has at most four. @param {string} text */
export function limitOf(text) {
  return text.replaceAll(/\D/g, '').slice(0, 4)
}

/** Whether a property has one value, which fits an input. @param {{ contentType: string | null }} property */
export function isScalar({ contentType }) {
  return contentType !== 'ContentObject' && contentType !== 'ContentList'
}

/**
 * The values of an object for the form, but for its id.
 *
 * @param {TypeElement} type
 * @param {FlowObject} object
 * @returns {TryForm['fields']}
 */
export function fieldsOf({ properties }, object) {
  const values = properties
    .filter(isScalar)
    .map(({ developerName }) => [developerName, cellText(object, developerName)])
  return Object.fromEntries(values.filter(([, value]) => value !== object.externalId))
}

/**
 * The objects that a property of an object holds.
 *
 * @param {FlowObject} object
 * @param {string} name
 * @returns {readonly FlowObject[]}
 */
export function objectsIn(object, name) {
  return object.properties.find(({ developerName }) => developerName === name)?.objectData ?? []
}

/**
 * The text of a property of an object; of objects and lists how many there are.
 *
 * @param {FlowObject} object
 * @param {string} name
 */
export function cellText(object, name) {
  const found = object.properties.find(({ developerName }) => developerName === name)
  return found === undefined ? '' : valueText(found)
}

/** The text of a value. @param {FlowObject['properties'][number]} value */
export function valueText({ contentValue, contentType, objectData }) {
  if (contentValue !== null) return contentValue
  if (objectData === null || objectData.length === 0) return ''
  if (contentType === 'ContentObject') return 'object'
  return counted(objectData.length, 'object')
}
