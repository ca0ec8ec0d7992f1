import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { jsonAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { CatalogAnswer, CatalogQuestion } from '../protocol/catalog-schemas.ts'
import { readCatalogOptions } from '../protocol/read-catalog-options.ts'

/** `POST /catalog`: the collections and endpoints of an API (docs/catalog.md#from-the-service). */
export function addCatalogRoute(app: App, operations: Operations): void {
  app.post(
    '/catalog',
    {
      config: { summary: 'Lists the collections and endpoints of an API.' },
      schema: { body: CatalogQuestion, response: { 200: CatalogAnswer } }
    },
    async (request, reply) => {
      const options = readCatalogOptions(request.body)
      return jsonAnswer(reply, [await operations.catalog(callerOf(request, request.body), options)])
    }
  )
}
