import { plainText } from '../../base/json.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import type { FilterGroup, ListFilter } from '../types.ts'
import { checkedWhere, criterionWords } from './filter-columns.ts'
import type { Pushing } from './push-filter.ts'
import { createPushing, pushAny, pushCondition, pushOrder, pushSearch } from './push-filter.ts'
import { andTerms, columnsOfOrder, EVERYTHING, isEvaluableHere } from './split-filter.ts'

/** What becomes of a part of a list filter. */
export type ExplainedPart = {
  readonly part: 'condition' | 'search' | 'order' | 'objects'
  /** Such as `status EQUAL "open"`. */
  readonly text: string
  /** What the API is asked for with it, such as `status=open`; empty for nothing. */
  readonly sent: readonly string[]
  /** The connector evaluates it over the objects that it reads. */
  readonly isEvaluated: boolean
  readonly reason: string
}

/** A list operation as `splitFilter` takes it, and whether the document answers it. */
export type ExplainedOperation = {
  readonly parameters: readonly BoundParameter[]
  readonly isGuessed: boolean
  readonly isExample: boolean
}

const REASONS = {
  sent: 'A parameter of the endpoint takes it.',
  guessed:
    'A parameter of the endpoint takes it. The mapping is inferred, so that it is evaluated here, too.',
  example: 'The document answers with its examples, which are chosen here.',
  preferred:
    'The API would take it. Of the examples those that meet it are chosen, or all where none does.'
} as const

/** Why a part is evaluated here alone. */
const LEFT_REASONS: { readonly [part in ExplainedPart['part']]: string } = {
  condition: 'No parameter of the endpoint takes it.',
  search: 'No parameter of the endpoint takes it.',
  order: 'No parameter of the endpoint takes it, so that the whole list is read and sorted here.',
  objects: 'The flow provides the objects, and no endpoint takes their ids.'
}

/**
 * Explains what of a list filter its API is asked for, and what is evaluated here
 * (docs/x-flow.md#filters-order-and-search), part by part.
 *
 * @throws ConnectorError `COLUMN_UNKNOWN`, `VALUE_INVALID`
 */
export function explainFilter(
  operation: ExplainedOperation,
  type: TypeRecord,
  filter: ListFilter
): readonly ExplainedPart[] {
  const pushing = createPushing(operation.parameters)
  const { conditions, groups } = andTerms(checkedWhere(type, filter.where))
  const explain = (
    part: ExplainedPart['part'],
    text: string,
    push: (pushing: Pushing) => boolean,
    isCheckedHere = false
  ): ExplainedPart => {
    const before = pushing.pushed.size
    const isTaken = push(pushing)
    const sent = [...pushing.pushed]
      .slice(before)
      .map(([{ name }, value]) => `${name}=${plainText(value)}`)
    return { part, text, ...outcomeOf(operation, { part, isTaken, isCheckedHere, sent }) }
  }
  const { search, searchColumns: columns, providedIds } = filter
  const order = columnsOfOrder(type, filter)
  return [
    ...conditions.map(condition =>
      explain(
        'condition',
        groupText({ ...EVERYTHING, conditions: [condition] }),
        each => pushCondition(each, type, condition),
        operation.isGuessed && isEvaluableHere(type, condition)
      )
    ),
    ...groups.map(group =>
      explain('condition', groupText(group), each => pushAny(each, type, group))
    ),
    ...(search === null
      ? []
      : [
          explain('search', searchText(search, columns), each =>
            pushSearch(each, type, search, columns)
          )
        ]),
    ...(order.length === 0
      ? []
      : [explain('order', orderText(order), each => pushOrder(each, type, order))]),
    ...(providedIds === null ? [] : [explain('objects', idsText(providedIds), () => false)])
  ]
}

function outcomeOf(
  { isExample }: ExplainedOperation,
  {
    part,
    isTaken,
    isCheckedHere,
    sent
  }: Pick<ExplainedPart, 'part' | 'sent'> & {
    readonly isTaken: boolean
    /** What is sent is also evaluated here. */
    readonly isCheckedHere: boolean
  }
): Omit<ExplainedPart, 'part' | 'text'> {
  if (isExample) {
    const isPreferred = isTaken && part === 'condition'
    return { sent: [], isEvaluated: true, reason: REASONS[isPreferred ? 'preferred' : 'example'] }
  }
  if (isTaken) {
    return { sent, isEvaluated: isCheckedHere, reason: REASONS[isCheckedHere ? 'guessed' : 'sent'] }
  }
  return { sent: [], isEvaluated: true, reason: LEFT_REASONS[part] }
}

function groupText({ join, conditions, groups }: FilterGroup): string {
  return [
    ...conditions.map(condition => {
      const value = condition.value === null ? '' : ` "${condition.value}"`
      return `${condition.column} ${criterionWords(condition)}${value}`
    }),
    ...groups.map(group => `(${groupText(group)})`)
  ].join(` ${join} `)
}

function searchText(text: string, columns: readonly string[]): string {
  return columns.length === 0 ? `"${text}"` : `"${text}" in ${columns.join(', ')}`
}

function orderText(order: ListFilter['order']): string {
  return order.map(({ column, direction }) => `${column} ${direction}`).join(', ')
}

function idsText({ length }: readonly string[]): string {
  return length === 1 ? '1 object' : `${length} objects`
}
