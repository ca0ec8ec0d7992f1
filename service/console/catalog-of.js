import { lastValue } from './loadable.js'
import { service } from './service-client.js'
import { workbench } from './workbench.js'

/** @import { CatalogAnswer } from '../protocol/catalog-schemas.ts' */
/** @import { Values } from './configuration.js' */

/**
 * The last catalog, so that it need not be made again until the document has been read again.
 *
 * @type {{ values: Values, preview: unknown, catalog: CatalogAnswer } | undefined}
 */
let last

/**
 * The catalog of the document that is open.
 *
 * @param {Values} values
 * @param {AbortSignal} [signal]
 * @returns {Promise<CatalogAnswer>}
 * @throws ServiceProblem
 */
export async function catalogOf(values, signal) {
  const preview = lastValue(workbench.get().preview)
  const isKnown = preview !== undefined && last?.preview === preview && last.values === values
  if (last !== undefined && isKnown) return last.catalog
  const catalog = await service.catalog(values, signal)
  last = { values, preview, catalog }
  return catalog
}
