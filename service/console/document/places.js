/** @import { TextsAnswer } from '../../protocol/type-schemas.ts' */

/** @typedef {{ file: string, line: number }} Place */

/**
 * The place that the address of the view names: `type:Pet` or `mapping:load:Pet`.
 *
 * @param {string | null} item
 * @param {TextsAnswer} texts
 * @returns {Place | null}
 */
export function placeOf(item, { types, mappings }) {
  const [kind = '', ...rest] = (item ?? '').split(':')
  const name = rest.join(':')
  const found =
    kind === 'type'
      ? types.find(type => type.name === name)
      : mappings.find(({ key }) => kind === 'mapping' && key === name)
  return found === undefined ? null : { file: found.file, line: found.line ?? 1 }
}

/**
 * The type in whose lines a line stands: that which begins last before it.
 *
 * @param {TextsAnswer} texts
 * @param {Place} place
 * @returns {string | null}
 */
export function typeAt({ types }, { file, line }) {
  let nearest = null
  for (const type of types) {
    if (type.file !== file || type.line === null || type.line > line) continue
    if (nearest === null || type.line >= (nearest.line ?? 0)) nearest = type
  }
  return nearest?.name ?? null
}
