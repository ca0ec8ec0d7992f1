import type { JsonObject } from '../../base/json.ts'
import { isJsonArray, member, plainText, textMember } from '../../base/json.ts'
import type { CatalogOptions, CatalogService } from '../../model/catalog.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import { shownUrl } from '../endpoint/compile-server.ts'
import { shortText } from './short-text.ts'

/** Most characters of a title or a version, and of a description. */
const LINE_MAX = 2_000
const DESCRIPTION_MAX = 20_000

/** Most servers. */
const SERVERS_MAX = 100

/** The name of a service whose document has no title. */
const UNTITLED = 'api'

/** What a document says about its API as a whole. */
export function catalogService(
  root: JsonObject,
  { index }: ConnectorModel,
  { serviceName, docUrl, documentUrl = index.documentUrl }: CatalogOptions
): CatalogService {
  // A manifest has them at its root.
  const description = member(root.info, 'description') ?? root.DESCRIPTION
  const version = member(root.info, 'version') ?? root.VERSION
  const title = shortText(index.title, LINE_MAX) ?? UNTITLED
  const servers = isJsonArray(root.servers) ? root.servers.slice(0, SERVERS_MAX) : []
  return {
    name: serviceName ?? title,
    title,
    description: shortText(description, DESCRIPTION_MAX),
    version: version === undefined ? null : shortText(plainText(version), LINE_MAX),
    documentUrl,
    docUrl: docUrl ?? null,
    servers: servers.flatMap(server => {
      const [url = ''] = (textMember(server, 'url') ?? '').trim().split(/[?#]/, 1)
      return url === '' ? [] : shownUrl(url)
    })
  }
}
