import { isWebUrl } from '../base/web-url.ts'
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
  const url = docURL?.trim() ?? ''
  if (url !== '' && !isWebUrl(url)) {
    const expected = 'expected an http or https URL'
    throw new ConnectorError('BODY_INVALID', { pointer: '/docURL', expected })
  }
  return { ...(name !== '' && { serviceName: name }), ...(url !== '' && { docUrl: url }) }
}
