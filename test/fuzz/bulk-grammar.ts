import type { Chooser } from './chooser.ts'

/** What the bounds of the service are, and a little more (docs/settings.md). */
const ANSWER_BYTES = 17 * 1024 * 1024
const VALUES = 1_100_000
const LEVELS = 1_200
const BODY_VALUES = 1_100_000
const BODY_LEVELS = 220
const CRITERIA = 520
const COLUMN_BYTES = 66_000

/**
 * Grows JSON text of any size up to a little more than an answer may have: of many rows, members, items or
 * levels, or of long texts.
 *
 * @param row An object of the answer as JSON text.
 */
export function growBulk(chooser: Chooser, row: string): string {
  const { pick, size } = chooser
  const times = (text: string, most: number): string =>
    repeated(text, Math.min(size(most), Math.floor(ANSWER_BYTES / (text.length + 1))))
  const levels = size(LEVELS)
  const whole = pick([
    () => `[${times(row, VALUES)}]`,
    () => `[${times(pick(['{}', '[]', 'null', '1', '""', '[{}]']), VALUES)}]`,
    () => `[{"id":"1","tags":[${times(pick(['1', '{}', '"x"', '[[]]', 'true']), VALUES)}]}]`,
    () => `[{"id":"1","name":"${'x'.repeat(size(ANSWER_BYTES))}"}]`,
    () => `{"data":[${row}],"x":${'['.repeat(levels)}${']'.repeat(levels)}}`,
    () => `${'{"data":'.repeat(levels)}1${'}'.repeat(levels)}`,
    () => `[{"id":"1","data":{${members(size(VALUES / 4))}}}]`,
    () => `[${numbered(size(VALUES / 2))}]`,
    () => `${' '.repeat(size(ANSWER_BYTES))}[${row}]`,
    () => `[{"price":${'9'.repeat(size(ANSWER_BYTES))}}]`,
    () => `[{"id":"1","name":"${'\\u0041'.repeat(size(ANSWER_BYTES / 6))}"}]`
  ])
  return whole()
}

/** Grows a list filter with as many criteria, groups and columns as one may have, and a few more. */
export function growBulkFilter(chooser: Chooser, columns: readonly string[]): object {
  const { pick, some, once, size } = chooser
  const column = (): string => pick(['id', 'name', ...columns])
  const value = (): string => pick(['', 'a', '1', '2024-03-01', 'x'.repeat(size(COLUMN_BYTES))])
  const where = (most: number): object[] =>
    some(most, () => ({
      columnName: column(),
      criteriaType: pick([
        'EQUAL',
        'NOT_EQUAL',
        'CONTAINS',
        'STARTS_WITH',
        'LESS_THAN',
        'IS_EMPTY'
      ]),
      contentValue: value()
    }))
  let group: object = { comparisonType: pick(['AND', 'OR']), where: where(CRITERIA) }
  for (let level = once(3) ? size(BODY_LEVELS / 2) : 0; level > 0; level--) {
    group = { comparisonType: pick(['AND', 'OR']), where: where(3), listFilters: [group] }
  }
  return {
    ...group,
    limit: pick([0, 1, 1_000, 2 ** 31 - 1]),
    offset: pick([0, 1, 5_000, 2 ** 31 - 1]),
    ...(once(2) && { search: value() }),
    ...(once(2) && {
      searchCriteria: some(CRITERIA, () => ({ columnName: column(), query: value() }))
    }),
    ...(once(2) && {
      orderBy: some(CRITERIA, () => ({ columnName: column(), direction: pick(['ASC', 'DESC']) }))
    })
  }
}

/** Grows the body of a save as text, with as many objects, properties or levels as it may have. */
export function growBulkSave(chooser: Chooser, base: object, type: string): string {
  const { pick, size, once } = chooser
  const property = (name: string, value: string): string =>
    `{"developerName":"${name}","contentValue":${value}}`
  const object = (properties: string): string => `{"externalId":null,"properties":[${properties}]}`
  const levels = size(BODY_LEVELS / 4)
  const objects = pick([
    () => repeated(object(property('name', '"x"')), size(5_000)),
    () => object(many(size(50_000), index => property(`q${index}`, '"x"'))),
    () => object(repeated(property('name', '"x"'), size(50_000))),
    () => object(property('name', `"${'x'.repeat(size(8_000_000))}"`)),
    () => object(property('tags', `"${'[1,'.repeat(size(10_000))}"`)),
    () =>
      `{"properties":[{"developerName":"owner","objectData":[`.repeat(levels) +
      object(property('id', '"1"')) +
      ']}]}'.repeat(levels)
  ])()
  const beside = once(2)
    ? `,"${pick(['zz', 'stateId', 'culture'])}":[${repeated(pick(['{}', '1', '[]', '""']), size(BODY_VALUES))}]`
    : ''
  const start = JSON.stringify({ ...base, objectDataType: { developerName: type } }).slice(0, -1)
  return `${start}${beside},"objectData":[${objects}]}`
}

function repeated(text: string, count: number): string {
  return count <= 0 ? '' : `${text},`.repeat(count - 1) + text
}

function many(count: number, make: (index: number) => string): string {
  return Array.from({ length: Math.max(count, 0) }, (_, index) => make(index)).join(',')
}

function members(count: number): string {
  return many(count, index => `"k${index}":{"id":${index}}`)
}

function numbered(count: number): string {
  return many(count, index => `{"id":${index},"name":"n${index % 977}"}`)
}
