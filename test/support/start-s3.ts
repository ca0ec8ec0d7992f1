import type { IncomingHttpHeaders } from 'node:http'
import type { TestContext } from 'node:test'

import { isSignedWith } from '../openmetadata/aws-signature.ts'
import { startUpstream } from './start-upstream.ts'

const SECRET = 'secret-of-the-key'

type Asked = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An S3 service of the few calls that a pipeline makes. */
export type S3Server = {
  readonly environment: { readonly [name: string]: string }
  /** By bucket and key. */
  readonly objects: Map<string, Buffer>
  /** The uploads that were begun and neither completed nor aborted. */
  readonly uploads: Map<string, Map<number, Buffer>>
  /** The runs of uploads, then of the objects, by upload id and by bucket and key. */
  readonly runs: Map<string, string>
  /** A status in place of the answer of a call that was done, or a closed connection. */
  lost: (call: string) => number | 'closed' | undefined
  /** Awaited before a call is answered. */
  hold: (call: string) => Promise<void> | undefined
  /** Method and URL of each call that was signed. */
  readonly calls: string[]
  /** A status in place of an answer; undefined for none. */
  instead: (call: string) => number | undefined
}

/** Keys of one page of a list. */
const PAGE = 2

/** Starts an S3 service that refuses calls whose signature or checksum is wrong, until the test ends. */
export async function startS3(t: TestContext): Promise<S3Server> {
  const server: { -readonly [key in keyof S3Server]: S3Server[key] } = {
    environment: {},
    objects: new Map(),
    uploads: new Map(),
    runs: new Map(),
    lost: () => undefined,
    hold: () => undefined,
    calls: [],
    instead: () => undefined
  }
  const url = await startUpstream(t, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url: path = '', headers } = request
    const asked = { method, url: path, headers, body: Buffer.concat(chunks) }
    const done = answer(server, asked)
    const lost = server.lost(`${method} ${path}`)
    await server.hold(`${method} ${path}`)
    if (lost === 'closed') {
      response.destroy()
      return
    }
    const {
      status,
      text = '',
      headers: told = {}
    } = lost === undefined ? done : failure(lost, 'Lost')
    response.writeHead(status, told).end(text)
  })
  server.environment = {
    ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: SECRET },
    ...{ AWS_ENDPOINT_URL_S3: url, AWS_REGION: 'eu-west-1' }
  }
  return server
}

type Answered = {
  readonly status: number
  readonly text?: string | Buffer
  readonly headers?: { readonly [name: string]: string }
}

function answer(server: S3Server, asked: Asked): Answered {
  if (!isSignedWith(SECRET, asked)) return failure(403, 'SignatureDoesNotMatch')
  const call = `${asked.method} ${asked.url}`
  server.calls.push(call)
  const status = server.instead(call)
  if (status !== undefined) return failure(status, status === 403 ? 'AccessDenied' : 'SlowDown')
  const { pathname, searchParams } = new URL(asked.url, 'http://s3')
  const path = decodeURIComponent(pathname).slice(1)
  const uploadId = searchParams.get('uploadId')
  if (searchParams.has('uploads')) return begin(server, asked)
  if (uploadId !== null) return upload(server, path, uploadId, asked, searchParams)
  if (searchParams.has('list-type')) return list(server, path, searchParams)
  return object(server, path, asked)
}

function begin({ uploads, runs }: S3Server, { headers }: Asked): Answered {
  const id = `u&${uploads.size}`
  uploads.set(id, new Map())
  runs.set(id, String(headers['x-amz-meta-run']))
  const text = `<InitiateMultipartUploadResult><UploadId>${id.replace('&', '&amp;')}</UploadId></InitiateMultipartUploadResult>`
  return { status: 200, text }
}

function upload(
  { uploads, objects, runs }: S3Server,
  path: string,
  id: string,
  { method, body }: Asked,
  query: URLSearchParams
): Answered {
  const parts = uploads.get(id)
  if (parts === undefined) return failure(404, 'NoSuchUpload')
  if (method === 'PUT') {
    const number = Number(query.get('partNumber'))
    parts.set(number, body)
    return { status: 200, headers: { etag: `"t${number}"` } }
  }
  uploads.delete(id)
  if (method === 'DELETE') return { status: 204 }
  const named = [
    ...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>("t\d+")<\/ETag>/g)
  ]
  const isWhole = named.length === parts.size && named.every(([, n, tag]) => tag === `"t${n}"`)
  if (!isWhole) return failure(400, 'InvalidPart')
  objects.set(path, Buffer.concat(named.map(([, n]) => parts.get(Number(n)) ?? Buffer.alloc(0))))
  runs.set(path, runs.get(id) ?? '')
  return { status: 200, text: '<CompleteMultipartUploadResult/>' }
}

function list({ objects }: S3Server, path: string, query: URLSearchParams): Answered {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const ends = (key: string): number =>
    delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
  const found = [...objects.keys()]
    .filter(name => name.startsWith(`${path}${prefix}`))
    .map(name => name.slice(path.length))
    .map(key => (ends(key) < 0 ? key : key.slice(0, ends(key) + 1)))
  const keys = [...new Set(found)].toSorted()
  const asked = query.get('continuation-token')
  if (asked !== null && !asked.endsWith('&"next"')) return failure(400, 'InvalidArgument')
  const from = Number.parseInt(asked ?? '0', 10)
  const next = from + PAGE
  const shown = keys
    .slice(from, next)
    .map(key =>
      ends(key) < 0
        ? `<Contents><Key>${escaped(key)}</Key></Contents>`
        : `<CommonPrefixes><Prefix>${escaped(key)}</Prefix></CommonPrefixes>`
    )
  const token = `<NextContinuationToken>${escaped(`${next}&"next"`)}</NextContinuationToken>`
  const rest = next < keys.length ? token : ''
  return { status: 200, text: `<ListBucketResult>${shown.join('')}${rest}</ListBucketResult>` }
}

/** As some services write XML, with numbers. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;')
}

function object(
  { objects, runs }: S3Server,
  path: string,
  { method, headers, body }: Asked
): Answered {
  const held = objects.get(path)
  if (method === 'HEAD') {
    const run = runs.get(path)
    return run === undefined ? { status: 404 } : { status: 200, headers: { 'x-amz-meta-run': run } }
  }
  if (method === 'GET') {
    return held === undefined ? failure(404, 'NoSuchKey') : ranged(held, headers.range)
  }
  if (method === 'DELETE') {
    objects.delete(path)
    return { status: 204 }
  }
  if (headers['if-none-match'] === '*' && held !== undefined) {
    return failure(412, 'PreconditionFailed')
  }
  objects.set(path, body)
  return { status: 200 }
}

/** The range of an object that is asked for. */
function ranged(held: Buffer, range: string | undefined): Answered {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  if (from === undefined) return { status: 200, text: held }
  if (Number(from) >= held.length) return failure(416, 'InvalidRange')
  return { status: 206, text: held.subarray(Number(from), Number(to) + 1) }
}

function failure(status: number, code: string): Answered {
  return { status, text: `<Error><Code>${code}</Code></Error>` }
}
