import type { CatalogChange } from '../../model/catalog-change.ts'
import { shownText } from '../shown-text.ts'

const MARKS = { added: '+', removed: '-', changed: '~' } as const

/** Writes changes for people: a line for each, with what has changed of it below. */
export function renderChanges(changes: readonly CatalogChange[]): string {
  if (changes.length === 0) return 'Nothing has changed.'
  const lines = changes.flatMap(({ change, what, collection, endpoint, details }) => [
    `${MARKS[change]} ${[what, collection, endpoint ?? ''].filter(word => word !== '').join(' ')}`,
    ...details.map(detail => `    ${detail}`)
  ])
  const count = (change: CatalogChange['change']): string =>
    `${changes.filter(each => each.change === change).length} ${change}`
  return [
    ...lines.map(shownText),
    '',
    `${count('added')}, ${count('removed')}, ${count('changed')}`
  ].join('\n')
}
