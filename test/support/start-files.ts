import type { IncomingHttpHeaders, RequestListener } from 'node:http'
import { createHash } from 'node:crypto'

import type { Lifetime } from './lifetime.ts'
import { startUpstream } from './start-upstream.ts'

/** A fetch of a file, as its server got it. */
export type FileFetch = {
  /** Path and query as they came. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Status of the answer; 0 before it is sent. */
  status: number
}

export type StartedFiles = {
  /** Without a slash at its end. */
  readonly url: string
  /** Every fetch so far, in order. */
  readonly fetches: readonly FileFetch[]
  /** The fetches since they were last taken, as `status path`. */
  takeFetches(): string[]
  /** Replaces a file; null takes it away. */
  put(path: string, file: string | RequestListener | null): void
}

/** Serves files by path and query on a free port, with their entity tags, until the test ends. */
export async function startFiles(
  t: Lifetime,
  files: { readonly [path: string]: string | RequestListener }
): Promise<StartedFiles> {
  const held = new Map(Object.entries(files))
  const fetches: FileFetch[] = []
  let taken = 0
  const url = await startUpstream(t, (request, response) => {
    const path = request.url ?? ''
    const fetch: FileFetch = { path, headers: request.headers, status: 0 }
    fetches.push(fetch)
    response.on('finish', () => {
      fetch.status = response.statusCode
    })
    const file = held.get(path)
    if (typeof file === 'function') return file(request, response)
    if (file === undefined) return response.writeHead(404).end()
    const etag = `"${createHash('sha256').update(file).digest('hex')}"`
    if (request.headers['if-none-match'] === etag) return response.writeHead(304).end()
    return response.writeHead(200, { etag }).end(file)
  })
  return {
    url,
    fetches,
    takeFetches() {
      const fresh = fetches.slice(taken)
      taken = fetches.length
      return fresh.map(({ status, path }) => `${status} ${path}`)
    },
    put(path, file) {
      if (file === null) held.delete(path)
      else held.set(path, file)
    }
  }
}
