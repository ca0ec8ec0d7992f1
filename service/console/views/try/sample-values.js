import { catalogOf } from '../../catalog-of.js'
import { service } from '../../service-client.js'
import { EMPTY_FORM, fieldsOf, FIRST, trialRequest } from './trial.js'

/** @import { Values } from '../../configuration.js' */
/** @import { PreviewResponse, TypeElement } from '../../../protocol/schemas.ts' */
/** @import { TryForm } from './trial.js' */

/**
 * Values of the document to try a type with (docs/terminal.md#call): the id is the sample of the parameter that takes it,
 * if there is one, else that of the example from which the properties are.
 *
 * @param {Values} values
 * @param {TypeElement} type
 * @param {PreviewResponse['mappings']} mappings Those of the type.
 * @returns {Promise<Pick<TryForm, 'id' | 'fields'> | null>} Null for none.
 * @throws ServiceProblem
 */
export async function sampleValues(values, type, mappings) {
  const isListed = mappings.some(({ verb }) => verb === 'query')
  const form = { ...EMPTY_FORM, id: '1', limit: '1' }
  const request = trialRequest(isListed ? 'query' : 'load', type, form, FIRST)
  const [answer, id] = await Promise.all([
    service.tryType({ ...values, Responses: 'example' }, request),
    sampleId(values, mappings)
  ])
  const [object] = answer.objects
  if (object === undefined) return id === null ? null : { id, fields: {} }
  return { id: id ?? object.externalId, fields: fieldsOf(type, object) }
}

/**
 * The sample of the only parameter in the path of a load; null for none.
 *
 * @param {Values} values
 * @param {PreviewResponse['mappings']} mappings
 * @returns {Promise<string | null>}
 */
async function sampleId(values, mappings) {
  const load = mappings.find(({ verb }) => verb === 'load')
  if (load === undefined || !load.path.includes('{')) return null
  const { endpoints } = await catalogOf(values)
  const endpoint = endpoints.find(
    ({ method, path }) => method === load.method && path === load.path
  )
  const [only, second] = endpoint?.parameters.filter(parameter => parameter.in === 'path') ?? []
  const example = second === undefined ? only?.example : undefined
  return typeof example === 'string' || typeof example === 'number' ? String(example) : null
}

/**
 * A form in which what was left blank is filled in.
 *
 * @param {TryForm} form
 * @param {Pick<TryForm, 'id' | 'fields'>} sample
 * @returns {TryForm}
 */
export function filledForm(form, { id, fields }) {
  const typed = Object.entries(form.fields).filter(([, value]) => value !== '')
  return {
    ...form,
    id: form.id.trim() === '' ? id : form.id,
    fields: { ...fields, ...Object.fromEntries(typed) }
  }
}
