import { isJsonObject, member } from '../../base/json.ts'
import { pointer } from '../../base/json-pointer.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'
import type { ServerRecord } from '../../model/endpoint-record.ts'
import type { UserOperation } from '../../model/login-record.ts'
import type { Compilation } from '../compilation.ts'
import { compileSecured } from '../endpoint/compile-security.ts'
import type { SecuritySchemes } from '../endpoint/types.ts'

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
  const path = pathAt(server, url.trim())
  if (path === null) return null
  const template = templateOf(compilation, path)
  const at = pointer('/paths', template ?? path)
  const item = template === undefined ? undefined : member(compilation.root.paths, template)
  const operation = member(compilation.resolveObject(item, at)?.value, 'get')
  const declared = isJsonObject(operation) ? operation : undefined
  const secured = compileSecured(compilation, schemes, declared, pointer(at, 'get'))
  const hasKey = secured.security.some(schemes => schemes.some(({ kind }) => kind === 'apiKey'))
  return hasKey ? { method: 'GET', path, ...secured } : null
}

/** The path of a URL relative to the server, without a query; null for another server. */
function pathAt(server: ServerRecord, url: string): string | null {
  const [bare = ''] = url.split(/[?#]/, 1)
  const base = trimTrailing(server.url, '/')
  if (bare === base || bare.startsWith(`${base}/`)) return bare.slice(base.length) || '/'
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
