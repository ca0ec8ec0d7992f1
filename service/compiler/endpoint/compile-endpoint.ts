import type { Form } from '../../base/form.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import {
  dictionary,
  isJsonArray,
  isJsonObject,
  member,
  plainText,
  textMember
} from '../../base/json.ts'
import { fits } from '../../base/violations.ts'
import { boundParameters } from '../../model/bound-parameters.ts'
import type {
  ConductRecord,
  ParameterRecord,
  RateLimitRecord,
  ServerRecord
} from '../../model/endpoint-record.ts'
import { NO_PAGING, plainParameter, USUAL_CONDUCT } from '../../model/endpoint-record.ts'
import { PaginationExtension, RateLimitExtension, RetryExtension } from '../../parse/extensions.ts'
import type { Compilation } from '../compilation.ts'
import { compileDeclaredExample } from '../example/compile-example.ts'
import { declaredAnswers, primaryAnswer } from './compile-answer.ts'
import { compileBody } from './compile-body.ts'
import type { Pagination } from './compile-paging.ts'
import { compilePaging } from './compile-paging.ts'
import { declaredParameters } from './compile-parameters.ts'
import { compileSecurity } from './compile-security.ts'
import type { CompiledEndpoint, DeclaredOperation, LocatedObject, MappingScope } from './types.ts'

/** Compiles an operation of the document; once, however many mappings use it. */
export function compileEndpoint(
  { compilation, securitySchemes, endpoints }: MappingScope,
  target: DeclaredOperation
): CompiledEndpoint {
  const { method, path, item, operation, at } = target
  const key = `${method} ${path}`
  const known = endpoints.get(key)
  if (known !== undefined) return known
  const own = { value: operation, at }
  const holders = [own, item, { value: compilation.root, at: '' }]
  const declared = declaredParameters(compilation, [item, own])
  const parameters = [...declared, ...undeclaredInPath(path, declared)]
  const answers = declaredAnswers(compilation, target)
  const primary = primaryAnswer(answers)
  const { retry, retryAt } = compileRetry(holders)
  const pagination = declaredPagination(holders)
  const isPaged = method === 'GET' || pagination !== undefined
  const pagingScope = {
    declared: pagination,
    parameters: boundParameters({ parameters }, []),
    filled: new Set<string>(),
    primary
  }
  const endpoint: CompiledEndpoint = {
    record: {
      key,
      pointer: operation === undefined ? '' : at,
      method,
      path,
      server: compileServer(compilation, holders),
      security: compileSecurity(compilation, securitySchemes, operation, at),
      apiKeySchemes: [...securitySchemes.values()].flatMap(({ kind, name }) =>
        kind === 'apiKey' ? [name] : []
      ),
      parameters,
      body: compileBody(compilation, target),
      answersJson: primary?.media !== undefined,
      paging: isPaged ? compilePaging(compilation, pagingScope) : NO_PAGING,
      conduct: { retry, rateLimit: compileRateLimit(holders) }
    },
    example: compileDeclaredExample(compilation, answers, primary),
    target,
    declared: Map.groupBy(declared, ({ name }) => name.toLowerCase()),
    answers,
    primary,
    holders,
    retryAt
  }
  endpoints.set(key, endpoint)
  return endpoint
}

/** The parameters of a path template that nothing else declares. */
function undeclaredInPath(path: string, declared: readonly ParameterRecord[]): ParameterRecord[] {
  const known = declared.filter(parameter => parameter.in === 'path').map(({ name }) => name)
  const names = new Set(templateNames(path)).difference(new Set(known))
  return [...names].map(name => plainParameter(name, 'path'))
}

/** Names in braces of a path template, in order. */
export function templateNames(path: string): string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '')
}

/** The closest value of a key that fits its form, with the index and pointer of its holder. */
function closest<T>(
  holders: readonly LocatedObject[],
  key: string,
  form: Form<T>
): { readonly given: T; readonly index: number; readonly at: Pointer } | undefined {
  for (const [index, { value, at }] of holders.entries()) {
    const given = member(value, key)
    if (given !== undefined && fits(form, given)) return { given, index, at }
  }
  return undefined
}

export function declaredPagination(holders: readonly LocatedObject[]): Pagination | undefined {
  return closest(holders, 'x-flow-pagination', PaginationExtension)?.given
}

/** `on` allows to repeat writes only if it is on the operation itself. */
function compileRetry(holders: readonly LocatedObject[]): {
  readonly retry: ConductRecord['retry']
  readonly retryAt: Pointer
} {
  const { retry: usual } = USUAL_CONDUCT
  const found = closest(holders, 'x-flow-retry', RetryExtension)
  if (found === undefined) return { retry: usual, retryAt: '' }
  const { on = null, max = usual.max, ignore = [] } = found.given
  const onIsOwn = on !== null && found.index === 0
  return { retry: { on, onIsOwn, max, ignore }, retryAt: found.at }
}

function compileRateLimit(holders: readonly LocatedObject[]): RateLimitRecord | null {
  const found = closest(holders, 'x-flow-rate-limit', RateLimitExtension)
  if (found === undefined) return null
  const { requestsPerSecond = null, quotas = [], remainingHeader, resetHeader } = found.given
  return {
    pointer: pointer(found.at, 'x-flow-rate-limit'),
    requestsPerSecond,
    quotas: quotas.map(({ calls, seconds }) => ({ calls, seconds })),
    remainingHeader: remainingHeader?.toLowerCase() ?? null,
    resetHeader: resetHeader?.toLowerCase() ?? null
  }
}

/**
 * The first server of the closest holder that names one; else the document's own origin (OpenAPI 4.8.5).
 *
 * @param holders Objects that may have `servers`, the closest first.
 */
export function compileServer(
  compilation: Compilation,
  holders: readonly LocatedObject[]
): ServerRecord {
  for (const { value, at } of holders) {
    const [server] = isJsonArray(value?.servers) ? value.servers : []
    const url = textMember(server, 'url')
    if (url === undefined) continue
    const declared = member(server, 'variables')
    const entries = Object.entries(isJsonObject(declared) ? declared : {})
    const variables = entries.map(([name, variable]) => {
      const allowed = member(variable, 'enum')
      const record = {
        default: plainText(member(variable, 'default') ?? ''),
        allowed: isJsonArray(allowed) ? allowed.map(plainText) : null
      }
      return [name, record] as const
    })
    return { url: absoluteServer(compilation, url, at), variables: dictionary(variables) }
  }
  if (!/^https?:/.test(compilation.documentUrl)) compilation.report.add('SERVER_UNKNOWN', '')
  return { url: '/', variables: {} }
}

/**
 * Makes a relative server of another document absolute, since it is relative to that one's URL. A URL
 * that begins with a variable may be absolute already.
 */
function absoluteServer(compilation: Compilation, url: string, at: Pointer): string {
  const base = compilation.partAt(at)?.url
  if (base === undefined || /^([a-z][a-z\d+.-]*:|\{)/i.test(url)) return url
  const absolute = URL.parse(url.replaceAll('{', '%7B').replaceAll('}', '%7D'), base)?.href
  if (absolute === undefined || !/^https?:/.test(absolute)) return url
  return absolute.replaceAll('%7B', '{').replaceAll('%7D', '}')
}
