import { CRITERIA } from './query-form.js'
import { EMPTY_FORM, limitOf } from './trial.js'

/** @import { TypeElement } from '../../../protocol/schemas.ts' */
/** @import { Details } from '../../address.js' */
/** @import { Condition, TryForm, Verb } from './trial.js' */

/**
 * What the address tells of the form: `where=status+EQUAL+open&limit=20&answered-by=live` of a query, the id of a verb
 * that takes one. Neither the properties to write nor the value of a password stands in it.
 *
 * @param {Verb} verb
 * @param {TypeElement} type
 * @param {TryForm} form
 * @param {string} responses `live` or `example`.
 * @returns {Details}
 */
export function formDetails(verb, type, form, responses) {
  /** @type {Details} */
  const answered = [['answered-by', responses]]
  if (verb === 'save') return answered
  if (verb !== 'query') return [['id', form.id], ...answered]
  const { conditions, join, search, order, direction, limit } = form
  return [
    ...conditions.map(
      condition => /** @type {const} */ (['where', conditionText(type, condition)])
    ),
    ...optional('join', join, EMPTY_FORM.join),
    ...optional('search', search, EMPTY_FORM.search),
    ...optional('order', order, EMPTY_FORM.order),
    ...optional('direction', direction, EMPTY_FORM.direction),
    ['limit', limit],
    ...answered
  ]
}

/**
 * What an address sets in the form: a filter as a whole, an id, or nothing.
 *
 * @param {Details} details
 * @returns {Partial<TryForm>}
 */
export function detailedForm(details) {
  /** @type {Map<string, string>} */
  const told = new Map(details)
  const [id, limit] = [told.get('id'), told.get('limit')]
  return {
    ...(id !== undefined && { id }),
    ...(limit !== undefined && {
      conditions: details.flatMap(([name, value]) =>
        name === 'where' ? readCondition(value) : []
      ),
      join: told.get('join') === 'OR' ? 'OR' : 'AND',
      search: told.get('search') ?? EMPTY_FORM.search,
      order: told.get('order') ?? EMPTY_FORM.order,
      direction: told.get('direction') === 'DESC' ? 'DESC' : 'ASC',
      limit: limitOf(limit)
    })
  }
}

/**
 * Who answers as the address has it: null where it does not tell.
 *
 * @param {Details} details
 * @returns {'live' | 'example' | null}
 */
export function detailedResponses(details) {
  const [, value] = details.find(([name]) => name === 'answered-by') ?? []
  return value === 'live' || value === 'example' ? value : null
}

/** @param {string} name @param {string} value @param {string} usual @returns {Details} */
function optional(name, value, usual) {
  return value === usual ? [] : [[name, value]]
}

/** @param {TypeElement} type @param {Condition} condition */
function conditionText({ properties }, { column, criterion, value }) {
  const property = properties.find(({ developerName }) => developerName === column)
  return `${column} ${criterion} ${property?.contentType === 'ContentPassword' ? '' : value}`
}

/** The condition of a text, which names the first criterion in it; none for another text. @param {string} text */
function readCondition(text) {
  const found = CRITERIA.map(([criterion]) => ({ criterion, at: text.indexOf(` ${criterion} `) }))
    .filter(({ at }) => at > 0)
    .toSorted((a, b) => a.at - b.at)
  return found.slice(0, 1).map(({ criterion, at }) => ({
    column: text.slice(0, at),
    criterion,
    value: text.slice(at + criterion.length + 2)
  }))
}
