import type { JsonObject } from '../../base/json.ts'
import { isJsonObject } from '../../base/json.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'
import type { Compilation } from '../compilation.ts'
import { declaredAnswers, primaryAnswer } from '../endpoint/compile-answer.ts'
import { compileBody } from '../endpoint/compile-body.ts'
import { declaredOperations } from '../endpoint/declared-operations.ts'
import type { DeclaredAnswer, DeclaredOperation } from '../endpoint/types.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { ShownObjects } from './find-objects.ts'
import { findObjects } from './find-objects.ts'

/** What an operation does, as far as its method, path and schemas say. */
export type OperationKind = 'list' | 'load' | 'read' | 'create' | 'update' | 'delete' | 'other'

/** An operation of a document, and the objects that it answers and takes. */
export type SurveyedOperation = {
  readonly kind: OperationKind
  readonly target: DeclaredOperation
  readonly answer: DeclaredAnswer | undefined
  /** Null where the schema of the answer shows none. */
  readonly shown: ShownObjects | null
  /** The schema of the body, where one can be written. */
  readonly taken: SchemaView | null
  /** Its body and its answer have media types that a mapping can use. */
  readonly isUsable: boolean
}

/** Most operations that are looked at. */
const OPERATIONS_MAX = 5_000

/** The operations of a document in its order. */
export function surveyOperations(compilation: Compilation): readonly SurveyedOperation[] {
  const found = declaredOperations(compilation).slice(0, OPERATIONS_MAX)
  const gets = new Set(found.flatMap(({ method, path }) => (isReading(method) ? [path] : [])))
  const holders = new Set(found.flatMap(({ path }) => collectionOf(path) ?? []))
  return found.flatMap(target => {
    if (!compilation.afford(1)) return []
    const answer = primaryAnswer(declaredAnswers(compilation, target))
    const view = answer?.schema && viewSchema(compilation, answer.schema)
    const shown = view === undefined ? null : objectsOf(compilation, view, target)
    const body = compileBody(compilation, target)
    const taken = (body.schema && viewSchema(compilation, body.schema)) ?? null
    // What the connector cannot write or read is not worth a mapping.
    const isRead =
      answer?.mediaType !== undefined || Object.keys(answer?.content ?? {}).length === 0
    const isUsable = body.unsupported === null && isRead
    const operation = { target, answer, shown, taken, isUsable }
    const isCollection = holders.has(withoutSlash(target.path))
    const hasGet = gets.has(target.path)
    return [{ ...operation, kind: kindOf(operation, { isCollection, hasGet }) }]
  })
}

/** A path without a slash at its end. */
export function withoutSlash(path: string): string {
  return path.length > 1 ? trimTrailing(path, '/') : path
}

/** The path of which another one names an item: `/pets` for `/pets/{id}`; undefined for others. */
export function collectionOf(path: string): string | undefined {
  return /^(.+)\/\{[^{}/]+\}\/?$/.exec(path)?.[1]
}

function objectsOf(
  compilation: Compilation,
  view: SchemaView,
  { method, path }: DeclaredOperation
): ShownObjects | null {
  const isOne = isReading(method) && collectionOf(path) !== undefined
  return findObjects(compilation, view, path, isOne)
}

function kindOf(
  { target, answer, shown, taken }: Omit<SurveyedOperation, 'kind'>,
  { isCollection, hasGet }: { readonly isCollection: boolean; readonly hasGet: boolean }
): OperationKind {
  const { method, path } = target
  const isOne = collectionOf(path) !== undefined
  if (isReading(method)) {
    if (isOne && shown?.isRoot !== true) return 'load'
    if (shown?.isList === true) return 'list'
    return shown === null && isCollection ? 'list' : 'read'
  }
  if (method === 'PUT' || method === 'PATCH') return 'update'
  if (method === 'DELETE') return 'delete'
  if (method !== 'POST') return 'other'
  // Of an API that is called by POST only, or a search.
  if (shown?.isList === true && taken?.at !== shown.view.at && !hasGet) return 'list'
  const hasBody = hasMembers(target.operation)
  const isNew = answer?.status === '201' || hasGet || isCollection
  return hasBody && isNew && !isOne ? 'create' : 'other'
}

function hasMembers(operation: JsonObject | undefined): boolean {
  return isJsonObject(operation?.requestBody)
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'QUERY'
}
