import type { Criterion } from '../../model/mapping-record.ts'
import { EVERY_OBJECT } from '../../plan/filter/every-object.ts'
import type { FilterCondition, ListFilter } from '../../plan/types.ts'
import type { CommandInput, CommandOption } from '../command.ts'
import { CommandError } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'

const WHERE: CommandOption = {
  name: '--where',
  value: 'CONDITION',
  repeats: true,
  does: "keeps what fits, such as 'status=open'; also != > >= < <= *= (contains) ^= (starts with) $= (ends with), and 'note is empty'"
}
const ORDER: CommandOption = {
  name: '--order',
  value: 'NAME[:desc]',
  repeats: true,
  does: 'orders by a property'
}
const SEARCH: CommandOption = { name: '--search', value: 'TEXT', does: 'searches for a text' }
const LIMIT: CommandOption = { name: '--limit', value: 'N', does: 'stops after N objects' }

/** The options of every command that reads a list. */
export const FILTER_OPTIONS: readonly CommandOption[] = [WHERE, ORDER, SEARCH, LIMIT]

/** An operator is known by its longest form: `>=` before `>`. */
const OPERATORS: readonly (readonly [operator: string, criterion: Criterion])[] = [
  ['!=', 'NOT_EQUAL'],
  ['>=', 'GREATER_THAN_OR_EQUAL'],
  ['<=', 'LESS_THAN_OR_EQUAL'],
  ['*=', 'CONTAINS'],
  ['^=', 'STARTS_WITH'],
  ['$=', 'ENDS_WITH'],
  ['=', 'EQUAL'],
  ['>', 'GREATER_THAN'],
  ['<', 'LESS_THAN']
]

/** `note is empty`, and the opposite. */
const EMPTINESS = [
  { suffix: ' is not empty', value: 'false' },
  { suffix: ' is empty', value: 'true' }
] as const

/**
 * Reads the list filter of a command (docs/terminal.md#conditions). Conditions are joined by AND.
 *
 * @throws CommandError for a malformed condition, order or limit.
 */
export function readFilter(input: CommandInput): ListFilter {
  const limit = input.value(LIMIT)
  const conditions = input.values(WHERE).map(readCondition)
  return {
    ...EVERY_OBJECT,
    where: { join: 'AND', conditions, groups: [] },
    order: input.values(ORDER).map(readOrder),
    search: input.value(SEARCH)?.trim() || null,
    limit: limit === undefined ? 0 : wholeNumber(LIMIT, limit, 1)
  }
}

/** Reads one condition: a name, an operator, and a value, which may have blanks around it. */
export function readCondition(text: string): FilterCondition {
  const trimmed = text.trim()
  for (let at = 1; at < trimmed.length; at++) {
    const found = OPERATORS.find(([operator]) => trimmed.startsWith(operator, at))
    if (found === undefined) continue
    const [operator, criterion] = found
    const column = trimmed.slice(0, at).trim()
    return { column, criterion, value: trimmed.slice(at + operator.length).trim() }
  }
  for (const { suffix, value } of EMPTINESS) {
    const column = trimmed.slice(0, -suffix.length).trim()
    if (trimmed.toLowerCase().endsWith(suffix) && column !== '') {
      return { column, criterion: 'IS_EMPTY', value }
    }
  }
  throw new CommandError(
    `--where "${text}" is no condition, such as 'status=open', 'total>=10' or 'note is empty'`
  )
}

function readOrder(text: string): ListFilter['order'][number] {
  const [, column = '', word = 'asc'] = /^(.+?)(?::(asc|desc))?$/i.exec(text.trim()) ?? []
  if (column === '') throw new CommandError('--order needs a property, such as name or name:desc')
  return { column, direction: word.toLowerCase() === 'desc' ? 'DESC' : 'ASC' }
}
