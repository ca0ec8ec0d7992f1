import { splitPath } from '../../base/dotted-path.ts'
import { pointer } from '../../base/json-pointer.ts'
import { isJsonObject, member, textMember } from '../../base/json.ts'
import { mediaEssence, takesJson } from '../../base/media-type.ts'
import type { RecordsLocation } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { SchemaView } from '../schema/view-schema.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'
import type { DeclaredAnswer, DeclaredOperation, MappingContext } from './types.ts'

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
      const at = pointer(target.at, 'responses', status)
      const found = compilation.resolveObject(responses[status], at)
      if (found === undefined) return []
      const content = isJsonObject(found.value.content) ? found.value.content : {}
      const types = Object.keys(content)
      const type =
        types.find(name => name.toLowerCase() === 'application/json') ?? types.find(takesJson)
      // The text of an answer to a write may be the id of an object.
      const isText =
        type === undefined &&
        target.method !== 'GET' &&
        types.some(name => mediaEssence(name) === 'text/plain')
      if (type === undefined && !isText && types.length > 0 && isSuccess(status)) {
        const { method, path } = target
        const holes = { method, path, what: `response ${status}`, given: types.join(', ') }
        compilation.report.add('MEDIA_TYPE_UNSUPPORTED', pointer(found.at, 'content'), holes)
      }
      const located = pointer(found.at, 'content', type ?? '')
      const media =
        type === undefined ? undefined : compilation.resolveObject(content[type], located)
      const mediaAt = media?.at ?? located
      const schema = member(media?.value, 'schema')
      return {
        status,
        content,
        mediaType: type,
        media: media?.value,
        mediaAt,
        isText,
        headers: isJsonObject(found.value.headers) ? Object.keys(found.value.headers) : [],
        schema: schema === undefined ? undefined : { schema, at: pointer(mediaAt, 'schema') }
      }
    })
}

export function isSuccess(status: string): boolean {
  return /^2(\d\d|XX)$/i.test(status)
}

/**
 * The expected answer of a call: the lowest 2xx, else `default`. Other responses say nothing about an
 * answer that is taken.
 */
export function primaryAnswer(answers: readonly DeclaredAnswer[]): DeclaredAnswer | undefined {
  const successes = answers.filter(answer => isSuccess(answer.status))
  const [lowest] = successes.toSorted((a, b) => (a.status < b.status ? -1 : 1))
  return lowest ?? answers.find(({ status }) => status === 'default')
}

/**
 * Decides where an answer has the objects (docs/x-flow.md#records): as `records` declares, else by the
 * answer's schema, else searched in each answer. What is inferred is a diagnostic.
 */
export function compileRecords(context: MappingContext): RecordsLocation {
  const { compilation, draft, mapping, endpoint } = context
  const declared = mapping.extension.records
  if (declared !== undefined) return { at: 'path', path: declared }
  const schema = endpoint.primary?.schema
  const view = schema && viewSchema(compilation, schema)
  const reads = isRead(mapping.verb)
  if (view === undefined || view.kind === 'any') return reads ? { at: 'search' } : ROOT
  if (view.kind !== 'object' || isType(compilation, draft, view)) return ROOT
  const path = memberOfType(compilation, draft, view, reads)?.replaceAll('.', '\\.')
  if (path === undefined) return reads && mayHoldList(compilation, view) ? { at: 'search' } : ROOT
  const place = `"${splitPath(path).join('.')}" of the answer`
  const holes = { key: mapping.key, type: draft.name, place }
  compilation.report.add('RECORDS_INFERRED', mapping.at, holes)
  return { at: 'path', path }
}

const ROOT: RecordsLocation = { at: 'path', path: '' }

/** Whether an object may have a list of objects that its schema does not show. */
function mayHoldList(compilation: Compilation, { properties }: SchemaView): boolean {
  if (properties.size === 0) return true
  return [...properties.values()].some(located =>
    ['any', 'array', 'mixed'].includes(viewSchema(compilation, located)?.kind ?? 'any')
  )
}

/** Whether a schema is that of a type. */
export function isType(compilation: Compilation, draft: TypeDraft, view: SchemaView): boolean {
  if (view.at === draft.view?.at || view.at === draft.pointer) return true
  // Equal schemas of one name are one type.
  const name = textMember(member(view.node, 'x-flow-type'), 'name')
  if (name !== undefined && name.toLowerCase() === draft.name.toLowerCase()) return true
  return draft.named !== null && viewSchema(compilation, draft.named)?.at === view.at
}

/** The member of an answer that has the objects: the only list of the type, its only object, the only list. */
function memberOfType(
  compilation: Compilation,
  draft: TypeDraft,
  view: SchemaView,
  reads: boolean
): string | undefined {
  const lists: string[] = []
  const listsOfType: string[] = []
  const objects: string[] = []
  for (const [key, located] of view.properties) {
    const held = viewSchema(compilation, located)
    if (held === undefined) continue
    if (isType(compilation, draft, held)) objects.push(key)
    const item = viewItems(compilation, held)
    if (item?.kind !== 'object') continue
    lists.push(key)
    if (isType(compilation, draft, item)) listsOfType.push(key)
  }
  const candidates = reads ? [listsOfType, objects, lists] : [listsOfType, objects]
  return candidates.find(({ length }) => length === 1)?.[0]
}
