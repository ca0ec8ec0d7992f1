import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { PartitionRecord, RangePartition } from '../../model/partition-record.ts'
import { boundNumber, boundText } from '../../model/range-bound.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import type { PartitionForm } from '../../vocabulary/manifest-forms.ts'

/** What a partition is of. */
export type PartitionedInput = {
  readonly type: TypeRecord | undefined
  readonly paging: PagingRecord | null
  /** The variables that the calls of the input take. */
  readonly variables: ReadonlySet<string>
}

const VARIABLE = /^env\.([A-Za-z_][A-Za-z0-9_]*)$/

/**
 * How an input is cut into parts (docs/pipelines.md#partitions).
 *
 * @returns Words that say why it cannot be.
 */
export function compilePartition(
  form: PartitionForm,
  input: PartitionedInput
): PartitionRecord | string {
  const variable = VARIABLE.exec(form.by)?.[1]
  if (variable !== undefined) return compileIds(form, variable, input)
  if (form.by === 'page') return compilePages(form, input)
  return compileRange(form, input)
}

function compileIds(
  { by, ids, ids_file: file, count }: PartitionForm,
  variable: string,
  { variables }: PartitionedInput
): PartitionRecord | string {
  if (!variables.has(variable)) {
    const near = suggestion(nearest(variable, [...variables]))
    return `no call of the input has the variable "${variable}"${near}, such as in \`{{ ${by} }}\` of its URL`
  }
  if (ids !== undefined && file !== undefined) return 'it has both `ids` and `ids_file`'
  if (ids !== undefined) return { by: 'ids', variable, ids: [...new Set(ids)], count }
  if (file !== undefined) return { by: 'ids', variable, ids: { file }, count }
  return `with \`by: ${by}\` it lacks \`ids\` or \`ids_file\``
}

function compilePages(
  { from = '1', to, count }: PartitionForm,
  { paging }: PartitionedInput
): PartitionRecord | string {
  const isNumbered = paging?.type === 'offset' || paging?.type === 'page'
  if (!isNumbered) return 'pages can be cut only where `pagination` is of type `offset`'
  if (to === undefined) return 'with `by: page` it lacks `to`, the number of the last page'
  const [first, last] = [from, to].map(text => (/^\d{1,15}$/.test(text) ? Number(text) : 0))
  if (first === undefined || last === undefined || first < 1 || last < first) {
    return `its pages from "${from}" to "${to}" are no range of whole numbers from 1 on`
  }
  const pages = last - first + 1
  if (count > pages) return `its \`count\` of ${count} is more than the ${pages} pages`
  return { by: 'pages', from: first, to: last, count }
}

function compileRange(form: PartitionForm, { type }: PartitionedInput): PartitionRecord | string {
  const { by: field, from, to, count, from_param: fromParam, to_param: toParam } = form
  const names = typeof type?.fields === 'object' ? type.fields.map(({ name }) => name) : [field]
  if (!names.includes(field)) {
    return `its field "${field}" is none of \`schema\`${suggestion(nearest(field, names))}`
  }
  if (from === undefined || to === undefined) {
    return `with \`by: ${field}\` it lacks ${from === undefined ? '`from`' : '`to`'}`
  }
  const kind = kindOf(from, to)
  if (kind === null) {
    return `from "${from}" to "${to}" is no range of whole numbers, of dates, or of dates with time and offset such as 2025-01-01T00:00:00Z`
  }
  const [first, last] = [boundNumber(kind, from), boundNumber(kind, to)]
  const units = last - first
  if (units < 1n) return `its \`to\` "${to}" is not above its \`from\` "${from}"`
  if (BigInt(count) > units) return `its \`count\` of ${count} is more than ${UNITS[kind](units)}`
  const params = { fromParam: fromParam ?? null, toParam: toParam ?? null }
  const bounds = { from: boundText(kind, first), to: boundText(kind, last) }
  return { by: 'range', field, kind, ...bounds, count, ...params }
}

const UNITS = {
  number: units => `the ${units} numbers of its range`,
  date: units => `the ${units} days of its range`,
  'date-time': units => `the ${units} seconds of its range`
} as const satisfies { readonly [kind in RangePartition['kind']]: (units: bigint) => string }

const DATE = /^\d{4}-\d\d-\d\d$/
const MOMENT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d)?([Zz]|[+-]\d\d:\d\d)$/

/** What two bounds are; null for no range. */
function kindOf(...bounds: readonly string[]): RangePartition['kind'] | null {
  if (bounds.every(text => /^-?\d{1,100}$/.test(text))) return 'number'
  if (!bounds.every(text => (DATE.test(text) || MOMENT.test(text)) && isOnCalendar(text)))
    return null
  return bounds.every(text => DATE.test(text)) ? 'date' : 'date-time'
}

/** The engine takes February 30 for a day of March. */
function isOnCalendar(text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10))
  return isDay && !Number.isNaN(Date.parse(text))
}
