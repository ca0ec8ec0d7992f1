import { pointer } from '../../base/json-pointer.ts'
import { isJsonArray, isJsonObject } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'

/** Tells of the members of `paths` of which no operation can be read. */
export function judgePaths({ root: { paths }, report }: Compilation): void {
  const listed = isJsonObject(paths) || isJsonArray(paths) ? Object.entries(paths) : []
  for (const [path, item] of listed) {
    if (path.startsWith('x-')) continue
    const at = pointer('/paths', path)
    if (!path.startsWith('/')) {
      report.add('PATH_ITEM_MALFORMED', at, { path, reason: 'it does not begin with a slash' })
    } else if (!isJsonObject(item)) {
      report.add('PATH_ITEM_MALFORMED', at, { path, reason: 'it is not an object' })
    }
  }
}
