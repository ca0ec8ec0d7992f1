import { isJsonObject, member } from '../../base/json.ts'
import { pointer } from '../../base/json-pointer.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'
import type { EndpointRecord, ServerRecord } from '../../model/endpoint-record.ts'
import type { UserOperation } from '../../model/login-record.ts'
import type { Compilation } from '../compilation.ts'
import { compileFailure } from '../endpoint/compile-endpoint.ts'
import { compileSecured } from '../endpoint/compile-security.ts'
import { pathItems } from '../endpoint/path-items.ts'
import type { LocatedObject, SecuritySchemes } from '../endpoint/types.ts'

/**
 * Compiles the keys that the operation that says who a user is asks for: an API behind a gateway wants its key there too.
 *
 * @param url As under `me`: absolute, or relative to the server.
 * @returns Null if it asks for none, or is of another server.
 */
export function compileUserOperation(
  compilation: Compilation,
  schemes: SecuritySchemes,
  server: ServerRecord,
  url: string
): UserOperation | null {
  const called = calledOperation(compilation, server, url)
  if (called === null) return null
  const { path, operation } = called
  const secured = compileSecured(compilation, schemes, operation.value, operation.at)
  const hasKey = secured.security.some(schemes => schemes.some(({ kind }) => kind === 'apiKey'))
  return hasKey ? { method: 'GET', path, ...secured } : null
}

/** How the 2xx of the operation that says who a user is says that the call was refused. */
export function compileUserFailure(
  compilation: Compilation,
  server: ServerRecord,
  url: string
): EndpointRecord['failure'] {
  const called = calledOperation(compilation, server, url)
  if (called === null) return 'guessed'
  return compileFailure([called.operation, ...called.items, { value: compilation.root, at: '' }])
}

/** The operation of a URL; without a value if the document does not have it, null if it is of another server. */
function calledOperation(
  compilation: Compilation,
  server: ServerRecord,
  url: string
): {
  readonly path: string
  readonly items: readonly LocatedObject[]
  readonly operation: LocatedObject
} | null {
  const path = pathAt(server, url.trim())
  if (path === null) return null
  const template = templateOf(compilation, path)
  const items = template === undefined ? [] : pathItems(compilation, template)
  const [found] = items.flatMap(({ value, at }) => {
    const get = member(value, 'get')
    return isJsonObject(get) ? [{ value: get, at: pointer(at, 'get') }] : []
  })
  return { path, items, operation: found ?? { value: undefined, at: '' } }
}

/** The path of a URL relative to the server, without a query; null for another server. */
function pathAt(server: ServerRecord, url: string): string | null {
  const [bare = ''] = url.split(/[?#]/, 1)
  const base = trimTrailing(server.url, '/')
  const isOfServer = bare === base || bare.startsWith(`${base}/`)
  // What begins with a slash is appended to the server, even if that begins alike.
  if (isOfServer && base.includes('//')) return bare.slice(base.length) || '/'
  if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(bare)) return null
  return bare.startsWith('/') ? bare : `/${bare}`
}

/** The key of `paths` that a path fits: itself, else the first template. */
function templateOf({ root }: Compilation, path: string): string | undefined {
  const templates = isJsonObject(root.paths) ? Object.keys(root.paths) : []
  if (templates.includes(path)) return path
  const segments = path.split('/')
  return templates.find(template => {
    const expected = template.split('/')
    return (
      expected.length === segments.length &&
      expected.every(
        (segment, index) => /^\{[^{}]+\}$/.test(segment) || segment === segments[index]
      )
    )
  })
}

/** The path of what may be the UserInfo endpoint of a provider, which only its metadata name. */
export function userInfoPath({ root }: Compilation): string | undefined {
  const paths = isJsonObject(root.paths) ? Object.keys(root.paths) : []
  return paths.find(path => /\/user[-_]?info$/i.test(path))
}
