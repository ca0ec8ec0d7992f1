import { routeUnknown } from '../plugins/problem-handler.ts'
import { taggedAnswer } from '../plugins/tagged-answer.ts'
import type { App } from '../plugins/typebox.ts'

/** Reads a file of `openapi-samples/`; undefined when it does not exist. */
export type ReadSampleFile = (path: string) => Promise<Uint8Array | undefined>

/** No segment begins with a dot, which excludes hidden files and `..`. */
const SAMPLE_PATH = /^(?:[a-z0-9_][\w.-]*\/)*[a-z0-9_][\w.-]*\.(?<kind>ya?ml|json)$/i

/** `GET /samples/*`: the bundled documents, with an entity tag (RFC 9110 8.8.3). */
export function addSamplesRoute(app: App, readSampleFile: ReadSampleFile): void {
  const summary = 'A bundled sample document.'
  const config = { isFlow: false, summary, produces: 'application/yaml' }
  app.get<{ Params: { '*': string } }>('/samples/*', { config }, async (request, reply) => {
    const path = request.params['*']
    const kind = SAMPLE_PATH.exec(path)?.groups?.kind?.toLowerCase()
    const bytes = kind === undefined ? undefined : await readSampleFile(path)
    if (bytes === undefined) throw routeUnknown(request)
    const isJson = kind === 'json'
    const mediaType = isJson ? 'application/json; charset=utf-8' : 'application/yaml'
    return taggedAnswer(request, reply, bytes, mediaType)
  })
}
