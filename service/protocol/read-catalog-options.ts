import { isHttp } from '../base/is-http.ts'
import { parseUrl } from '../base/parse-url.ts'
import { ConnectorError } from '../errors.ts'
import type { CatalogOptions } from '../model/catalog.ts'
import type { CatalogQuestion } from './catalog-schemas.ts'

/**
 * What a catalog is asked for (docs/catalog.md#from-the-service). Blank members count as absent.
 *
 * @throws ConnectorError `BODY_INVALID` for a `docURL` that is neither an http nor an https URL.
 */
export function readCatalogOptions({ serviceName, docURL }: CatalogQuestion): CatalogOptions {
  const name = serviceName?.trim() ?? ''
  const docUrl = docURL?.trim() ?? ''
  const url = parseUrl(docUrl)
  if (docUrl !== '' && (url === null || !isHttp(url))) {
    const expected = 'expected an http or https URL'
    throw new ConnectorError('BODY_INVALID', { pointer: '/docURL', expected })
  }
  return { ...(name !== '' && { serviceName: name }), ...(docUrl !== '' && { docUrl }) }
}
