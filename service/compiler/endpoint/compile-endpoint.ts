import { pointer } from '../../base/json-pointer.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { boundParameters } from '../../model/bound-parameters.ts'
import type { EndpointRecord, ParameterRecord } from '../../model/endpoint-record.ts'
import { NO_PAGING, plainParameter } from '../../model/endpoint-record.ts'
import type { ExampleRecord } from '../../model/example-record.ts'
import type { Compilation } from '../compilation.ts'
import { compileDeclaredExample } from '../example/compile-example.ts'
import type { DeclaredAnswer } from './compile-answer.ts'
import { declaredAnswers, primaryAnswer } from './compile-answer.ts'
import { compileBody } from './compile-body.ts'
import { compileConduct } from './compile-conduct.ts'
import { compilePaging, declaredPagination } from './compile-paging.ts'
import { declaredParameters } from './compile-parameters.ts'
import type { SecuritySchemes } from './compile-security.ts'
import { compileSecurity } from './compile-security.ts'
import { compileServer } from './compile-server.ts'
import type { DeclaredOperation, LocatedObject } from './find-operation.ts'

/** A compiled endpoint, and what of its declaration its mappings look at. */
export type CompiledEndpoint = {
  readonly record: EndpointRecord
  readonly example: ExampleRecord
  readonly target: DeclaredOperation
  /** The declared parameters by their names in lower case. */
  readonly declared: ReadonlyMap<string, readonly ParameterRecord[]>
  readonly answers: readonly DeclaredAnswer[]
  readonly primary: DeclaredAnswer | undefined
  /** Where conduct keys may stand: the operation, its path item, the root. */
  readonly holders: readonly LocatedObject[]
  /** Where the `x-flow-retry` stands that counts. */
  readonly retryAt: Pointer
}

/** The endpoints that were compiled so far, by their keys. */
export type CompiledEndpoints = Map<string, CompiledEndpoint>

/** Compiles an operation of the document; once, however many mappings use it. */
export function compileEndpoint(
  compilation: Compilation,
  securitySchemes: SecuritySchemes,
  compiled: CompiledEndpoints,
  target: DeclaredOperation
): CompiledEndpoint {
  const { method, path, item, operation, at } = target
  const key = `${method} ${path}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  const holders = [{ value: operation, at }, item, { value: compilation.root, at: '' }]
  const declared = declaredParameters(
    compilation,
    [item, { value: operation, at }].map(holder => ({
      value: holder.value?.parameters,
      at: pointer(holder.at, 'parameters')
    }))
  )
  const parameters = [...declared, ...undeclaredInPath(path, declared)]
  const answers = declaredAnswers(compilation, target)
  const primary = primaryAnswer(answers)
  const { conduct, retryAt } = compileConduct(holders)
  const pagination = declaredPagination(holders)
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
      paging:
        method === 'GET' || pagination !== undefined
          ? compilePaging(compilation, {
              declared: pagination,
              parameters: boundParameters({ parameters }, []),
              filled: new Set(),
              primary
            })
          : NO_PAGING,
      conduct
    },
    example: compileDeclaredExample(compilation, answers, primary),
    target,
    declared: Map.groupBy(declared, ({ name }) => name.toLowerCase()),
    answers,
    primary,
    holders,
    retryAt
  }
  compiled.set(key, endpoint)
  return endpoint
}

/** The parameters of a path template that nothing else declares. */
function undeclaredInPath(path: string, declared: readonly ParameterRecord[]): ParameterRecord[] {
  const inPath = declared.flatMap(({ in: place, name }) => (place === 'path' ? [name] : []))
  const known = new Set(inPath)
  return [...new Set(templateNames(path))]
    .filter(name => !known.has(name))
    .map(name => plainParameter(name, 'path'))
}

/** Names in braces of a path template, in order. */
export function templateNames(path: string): string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '')
}
