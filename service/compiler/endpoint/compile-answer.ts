import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { splitPath } from '../../base/dotted-path.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, member, textMember } from '../../base/json.ts'
import { takesJson } from '../../base/media-type.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredOperation } from './find-operation.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { RecordsPlace } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { SchemaPlace, SchemaView } from '../schema/view-schema.ts'
import { viewSchema } from '../schema/view-schema.ts'

/** One declared response of an operation, with the JSON media type that is read. */
export type DeclaredAnswer = {
  readonly status: string
  readonly at: Pointer
  /** The Media Type Object; undefined for a response without JSON. */
  readonly media: JsonObject | undefined
  readonly mediaAt: Pointer
  readonly schema: SchemaPlace | undefined
  /** Names of the declared response headers. */
  readonly headers: readonly string[]
}

/** The declared responses of an operation, in document order. */
export function declaredAnswers(
  compilation: Compilation,
  target: DeclaredOperation
): DeclaredAnswer[] {
  const responses = target.operation?.responses
  if (!isJsonObject(responses)) return []
  return Object.keys(responses)
    .filter(status => !status.startsWith('x-'))
    .flatMap(status => {
      const found = compilation.resolveObject(
        responses[status],
        pointer(target.at, 'responses', status)
      )
      if (found === undefined) return []
      const content = isJsonObject(found.value.content) ? found.value.content : {}
      const types = Object.keys(content)
      const type =
        types.find(name => name.toLowerCase() === 'application/json') ?? types.find(takesJson)
      const mediaAt = pointer(found.at, 'content', type ?? '')
      const media =
        type === undefined ? undefined : compilation.resolveObject(content[type], mediaAt)
      if (type === undefined && types.length > 0 && isSuccess(status)) {
        compilation.report.add('MEDIA_TYPE_UNSUPPORTED', pointer(found.at, 'content'), {
          method: target.method,
          path: target.path,
          what: `response ${status}`,
          given: types.join(', ')
        })
      }
      const schema: JsonValue | undefined = member(media?.value, 'schema')
      return [
        {
          status,
          at: found.at,
          media: media?.value,
          mediaAt: media?.at ?? mediaAt,
          headers: isJsonObject(found.value.headers) ? Object.keys(found.value.headers) : [],
          schema:
            schema === undefined
              ? undefined
              : { schema, at: pointer(media?.at ?? mediaAt, 'schema') }
        }
      ]
    })
}

export function isSuccess(status: string): boolean {
  return /^2(\d\d|XX)$/i.test(status)
}

/** The answer that a call is expected to give: the lowest 2xx, else `default`, else the first. */
export function primaryAnswer(answers: readonly DeclaredAnswer[]): DeclaredAnswer | undefined {
  const successes = answers.filter(answer => isSuccess(answer.status))
  return (
    successes.toSorted((a, b) => (a.status < b.status ? -1 : 1))[0] ??
    answers.find(answer => answer.status === 'default') ??
    answers[0]
  )
}

/**
 * Decides where the objects stand in an answer (x-flow 4): declared by `records`, else read off the
 * answer's schema, else looked for in each answer. What is inferred is a diagnostic.
 */
export function compileRecords(
  compilation: Compilation,
  draft: TypeDraft,
  mapping: DeclaredMapping,
  answer: DeclaredAnswer | undefined
): RecordsPlace {
  const declared = mapping.extension.records
  if (declared !== undefined) return { at: 'path', path: declared }
  const view = answer?.schema === undefined ? undefined : viewSchema(compilation, answer.schema)
  const reads = isRead(mapping.verb)
  if (view === undefined || view.kind === 'any') return reads ? { at: 'search' } : ROOT
  if (view.kind !== 'object' || isType(compilation, draft, view)) return ROOT
  const path = placeOfType(compilation, draft, view, reads)
  if (path === undefined) return reads && mayHoldList(compilation, view) ? { at: 'search' } : ROOT
  compilation.report.add('RECORDS_INFERRED', mapping.at, {
    key: `x-flow-${mapping.verb}`,
    type: draft.name,
    place: `"${splitPath(path).join('.')}" of the answer`
  })
  return { at: 'path', path }
}

const ROOT: RecordsPlace = { at: 'path', path: '' }

/** Whether an object may have a list of objects that its schema does not tell apart. */
function mayHoldList(compilation: Compilation, { properties }: SchemaView): boolean {
  if (properties.size === 0) return true
  return [...properties.values()].some(place =>
    ['any', 'array', 'mixed'].includes(viewSchema(compilation, place)?.kind ?? 'any')
  )
}

function isType(compilation: Compilation, draft: TypeDraft, view: SchemaView): boolean {
  if (view.at === draft.view?.at || view.at === draft.pointer) return true
  // Equal schemas that claim one name stand at several places and are one type.
  const name = textMember(member(view.node, 'x-flow-type'), 'name')
  if (name !== undefined && name.toLowerCase() === draft.name.toLowerCase()) return true
  const own =
    draft.named === null
      ? undefined
      : viewSchema(compilation, { schema: draft.named.schema, at: draft.named.at })
  return own !== undefined && own.at === view.at
}

function placeOfType(
  compilation: Compilation,
  draft: TypeDraft,
  view: SchemaView,
  reads: boolean
): string | undefined {
  const arrays: { key: string; ofType: boolean }[] = []
  const objects: string[] = []
  for (const [key, place] of view.properties) {
    const held = viewSchema(compilation, place)
    if (held === undefined) continue
    if (isType(compilation, draft, held)) objects.push(key)
    if (held.kind !== 'array' || held.items === null) continue
    const item = viewSchema(compilation, held.items)
    if (item?.kind === 'object') arrays.push({ key, ofType: isType(compilation, draft, item) })
  }
  const escaped = (key: string | undefined): string | undefined => key?.replaceAll('.', '\\.')
  const ofType = arrays.filter(array => array.ofType)
  if (ofType.length === 1) return escaped(ofType[0]?.key)
  if (objects.length === 1) return escaped(objects[0])
  return reads && arrays.length === 1 ? escaped(arrays[0]?.key) : undefined
}
