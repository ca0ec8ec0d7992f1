import { nameWords, singular } from '../../base/name-words.ts'
import type { FoundId } from './find-id.ts'
import type { FoundList } from './find-list.ts'
import type { Group, ListOperation, LoadOperation } from './gather-groups.ts'
import type { ProposedLoad, ProposedQuery } from './proposal.ts'
import type { ReadOperation } from './read-operations.ts'
import type { Role } from './role.ts'
import { role } from './role.ts'
import { isVerbPath } from './verb-words.ts'

/**
 * A list as the query of a resource, with its score.
 *
 * @param hasItems Whether its objects have paths of their own.
 */
export function queryOf(
  { operation, list, paging }: ListOperation,
  group: Group,
  hasItems: boolean
): Role<ProposedQuery> {
  const reasons = [list.reason]
  let { score } = list
  if (hasItems) {
    score += 0.03
    reasons.push('its objects have paths of their own')
  } else {
    score -= loneness(operation, list, paging !== null)
    reasons.push('its objects have no paths of their own')
  }
  if (isVerbPath(operation)) {
    score -= hasItems ? 0.25 : 0.5
    reasons.push('its path is named like a call')
  }
  if (operation.isDeprecated) {
    score -= 0.2
    reasons.push('it is deprecated')
  }
  if (operation.shape.key !== group.key) reasons.push('its objects have the same schema')
  return role(operation, { score, reasons }, { records: list.path })
}

/** Whether what a path answers is also what it takes. */
export function isWritten({ itemWrites }: Group, { operation, record }: LoadOperation): boolean {
  return itemWrites.some(
    ({ target, taken }) => target.path === operation.target.path && taken?.at === record.view.at
  )
}

/**
 * How unsure a list without items is: less where its path ends with a plural, or it is paged; much where it has to be
 * asked something, or its objects have next to nothing.
 */
function loneness(
  { shape, parameters }: ReadOperation,
  { path, item }: FoundList,
  isPaged: boolean
): number {
  const last = shape.steps.at(-1)
  const [word = ''] = last?.kind === 'word' ? nameWords(last.text).slice(-1) : []
  const isAsked = parameters.some(
    ({ in: place, name, required, default: usual, allowed }) =>
      place === 'query' &&
      required &&
      usual === undefined &&
      allowed === null &&
      !/version|key$|token$/i.test(name)
  )
  if (isAsked || item.properties.size + item.choices.length < 2) return 0.45
  if (isPaged || word !== singular(word)) return 0.1
  return path === '' ? 0.25 : 0.45
}

/** A read of one object as the load of a resource, with its score. @param isTaken As of `isWritten`. */
export function loadOf(
  { operation, record, idParam, isDescribed }: LoadOperation,
  list: ListOperation | undefined,
  id: FoundId | null,
  isTaken: boolean
): Role<ProposedLoad> {
  const reasons = [record.reason]
  let score = list === undefined ? 0.75 : 0.9
  if (isTaken && list === undefined) {
    score = 0.85
    reasons.push('the same path takes the object')
  }
  if (!isDescribed) score = 0.7
  else if (list !== undefined && list.list.item.at === record.view.at) {
    score = 0.95
    reasons.push('the list has the same schema')
  }
  if (id === null) {
    score -= list === undefined ? 0.3 : 0.2
    reasons.push(`no member is known to be "${idParam}"`)
  } else reasons.push(id.reason)
  if (operation.isDeprecated) {
    score -= 0.2
    reasons.push('it is deprecated')
  }
  return role(operation, { score, reasons }, { idParam, record: record.path })
}
