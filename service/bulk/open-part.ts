import type { OpenRows, RowPages } from '../operations/row-page.ts'
import { NO_FIELDS } from '../operations/first-page-fields.ts'
import { openRows, START } from '../operations/read-rows.ts'
import { pickRows } from '../operations/rows.ts'
import type { Session } from '../operations/session.ts'
import { EVERY_OBJECT } from '../plan/filter/every-object.ts'
import type { Partition } from './partition.ts'
import { rangeFilter } from './range-filter.ts'

/** The rows of a part of a list. */
export type OpenPart = {
  readonly pages: RowPages
  /** The fields of a type that are taken from the first page, as text; null for any other type. */
  fields(): string | null
  /** Rows that the API gave, and that belong to other parts. */
  outside(): number
}

/**
 * Opens a part of a list as rows (docs/pipelines.md#partitions).
 *
 * @param partition Null: the whole list.
 * @throws ConnectorError as `openRows`; the pages `PARTITION_VALUE`, `PARTITION_PAGES`.
 */
export async function openPart(
  session: Session,
  type: string,
  partition: Partition | null
): Promise<OpenPart> {
  const whole = { type, filter: EVERY_OBJECT, from: null, values: {} }
  const opened = (list: OpenRows): OpenPart => ({
    pages: list.pages,
    fields: () => list.start.fields,
    outside: () => 0
  })
  switch (partition?.by) {
    case undefined:
      return opened(await openRows(session, whole))
    case 'range': {
      const { pages, start } = await openRows(session, { ...whole, values: partition.params })
      return { ...ofRange(pages, rangeFilter(partition, type)), fields: () => start.fields }
    }
    case 'ids':
      return ofIds(session, type, partition)
    case 'pages': {
      const { at, from, to, before } = partition
      const page = { position: { at, value: from }, skip: 0, offset: before }
      const bounds = to === null ? {} : { until: to }
      return opened(await openRows(session, { ...whole, ...bounds, from: { ...START, page } }))
    }
    default:
      return partition satisfies never
  }
}

function ofRange(
  pages: RowPages,
  isInside: ReturnType<typeof rangeFilter>
): Omit<OpenPart, 'fields'> {
  let outside = 0
  async function* inside(): RowPages {
    let records = 0
    for await (const page of pages) {
      const { values } = page.rows
      const picked = values.flatMap((row, index) =>
        isInside(row, records + index + 1) ? index : []
      )
      outside += values.length - picked.length
      records += values.length
      yield { ...page, rows: pickRows(page.rows, picked) }
    }
  }
  return { pages: inside(), outside: () => outside }
}

/** The lists of several values of a variable, one after another. */
function ofIds(
  session: Session,
  type: string,
  { variable, ids }: Extract<Partition, { readonly by: 'ids' }>
): OpenPart {
  let fields: string | null = null
  async function* pages(): RowPages {
    let before = { pages: 0, records: 0, rows: 0 }
    for (const [index, id] of ids.entries()) {
      const variables = { ...session.access.variables, [variable]: id }
      const own = { ...session, access: { ...session.access, variables } }
      // Lists without records show no fields.
      const from = fields === null || fields === NO_FIELDS ? null : { ...START, fields }
      const request = { type, filter: EVERY_OBJECT, from, values: {} }
      const list = await openRows(own, request)
      fields = list.start.fields
      let reached = before
      for await (const page of list.pages) {
        reached = {
          pages: before.pages + page.reached.pages,
          records: before.records + page.reached.records,
          rows: before.rows + page.reached.rows
        }
        const isEnd = page.end === 'complete' && index < ids.length - 1
        yield { ...page, reached, after: null, total: null, end: isEnd ? null : page.end }
        if (page.end === 'pages') return
      }
      before = reached
    }
  }
  return { pages: pages(), fields: () => fields, outside: () => 0 }
}
