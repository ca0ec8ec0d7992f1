import { useStore } from './use-store.js'
import { useAnswer } from './use-answer.js'
import { lastValue } from '../loadable.js'
import { service } from '../service-client.js'
import { workbench } from '../workbench.js'

/** @import { CatalogAnswer } from '../../protocol/catalog-schemas.ts' */
/** @import { Loadable } from '../loadable.js' */

/**
 * The last catalog, so that it need not be made again when the view is shown again.
 *
 * @type {{ preview: unknown, catalog: CatalogAnswer } | undefined}
 */
let last

/**
 * The catalog of the document that is open. It is made anew when the document has been read again.
 *
 * @returns {[Loadable<CatalogAnswer>, again: () => void]}
 */
export function useCatalog() {
  const values = useStore(workbench, state => state.values)
  const loadable = useStore(workbench, state => state.preview)
  const preview = lastValue(loadable)
  const [answer, again] = useAnswer(
    loadable.status === 'loading'
      ? null
      : async signal => {
          if (preview !== undefined && last?.preview === preview) return last.catalog
          const catalog = await service.catalog(values, signal)
          last = { preview, catalog }
          return catalog
        },
    [loadable]
  )
  const isWaiting = answer.status === 'idle'
  return [isWaiting ? { status: 'loading' } : answer, again]
}
