import type { Form } from '../../base/form.ts'
import { isAccept } from '../../base/header-names.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { member } from '../../base/json.ts'
import { fits } from '../../base/violations.ts'
import type {
  ConductRecord,
  EndpointRecord,
  ParameterRecord,
  RateLimitRecord
} from '../../model/endpoint-record.ts'
import { USUAL_CONDUCT } from '../../model/endpoint-record.ts'
import {
  FailureExtension,
  RateLimitExtension,
  RetryExtension
} from '../../parse/extension-forms.ts'
import { PaginationExtension } from '../../parse/mapping-forms.ts'
import { compileDeclaredExample } from '../example/compile-example.ts'
import { compileAccept } from './compile-accept.ts'
import { declaredAnswers, primaryAnswer } from './compile-answer.ts'
import { compileBody } from './compile-body.ts'
import type { Pagination } from './compile-paging.ts'
import { declaredParameters, undeclaredInPath } from './compile-parameters.ts'
import { compileSecured } from './compile-security.ts'
import { compileServer } from './compile-server.ts'
import type { CompiledEndpoint, DeclaredOperation, LocatedObject, MappingScope } from './types.ts'

/** Compiles an operation of the document; once, however many mappings use it. */
export function compileEndpoint(
  { compilation, securitySchemes, endpoints }: MappingScope,
  target: DeclaredOperation
): CompiledEndpoint {
  const { method, path, items, operation, at } = target
  const key = `${method} ${path}`
  const known = endpoints.get(key)
  if (known !== undefined) return known
  const own = { value: operation, at }
  const holders = [own, ...items, { value: compilation.root, at: '' }]
  const given = declaredParameters(compilation, [...items.toReversed(), own])
  const declared = [...given.values()].map(({ record }) => record)
  const parameters = [...declared.filter(isSent), ...undeclaredInPath(path, declared)]
  const answers = declaredAnswers(compilation, target)
  const primary = primaryAnswer(answers)
  const body = compileBody(compilation, target)
  const { retry, retryAt } = compileRetry(holders)
  const endpoint: CompiledEndpoint = {
    record: {
      key,
      pointer: operation === undefined ? '' : at,
      method,
      path,
      server: compileServer(compilation, holders),
      ...compileSecured(compilation, securitySchemes, operation, at),
      parameters,
      body: body.record,
      accept: compileAccept(primary),
      answersJson: primary?.media !== undefined,
      conduct: { retry, rateLimit: compileRateLimit(compilation, holders) },
      failure: compileFailure(holders)
    },
    example: compileDeclaredExample(compilation, answers, primary),
    target,
    declared: Map.groupBy(declared, ({ name }) => name.toLowerCase()),
    given: new Map([...given].map(([key, { given: object }]) => [key, object])),
    answers,
    primary,
    body,
    holders,
    retryAt
  }
  endpoints.set(key, endpoint)
  return endpoint
}

/** A declared `Accept` says nothing without a default; a mapping that fills it replaces the compiled one. */
function isSent(parameter: ParameterRecord): boolean {
  return !isAccept(parameter) || parameter.default !== undefined
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

/** Quotas of one rate limit: each is counted for every call. */
const QUOTAS_MAX = 10

function compileRateLimit(
  { report }: MappingScope['compilation'],
  holders: readonly LocatedObject[]
): RateLimitRecord | null {
  const found = closest(holders, 'x-flow-rate-limit', RateLimitExtension)
  if (found === undefined) return null
  const { requestsPerSecond = null, quotas = [], remainingHeader, resetHeader } = found.given
  const at = pointer(found.at, 'x-flow-rate-limit')
  if (quotas.length > QUOTAS_MAX) {
    const holes = { limit: QUOTAS_MAX, count: quotas.length }
    report.add('QUOTAS_TOO_MANY', pointer(at, 'quotas'), holes)
  }
  return {
    pointer: at,
    requestsPerSecond,
    quotas: quotas.slice(0, QUOTAS_MAX).map(({ calls, seconds }) => ({ calls, seconds })),
    remainingHeader: remainingHeader?.toLowerCase() ?? null,
    resetHeader: resetHeader?.toLowerCase() ?? null
  }
}

/** How a 2xx says that the call was refused, as the closest `x-flow-failure` declares it. */
export function compileFailure(holders: readonly LocatedObject[]): EndpointRecord['failure'] {
  const given = closest(holders, 'x-flow-failure', FailureExtension)?.given
  if (given === undefined) return 'guessed'
  if (given === false) return 'never'
  return { flag: given.flag, failed: given.failed ?? [false], message: given.message ?? null }
}
