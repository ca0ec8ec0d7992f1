import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, member, textMember } from '../../base/json.ts'
import { isJsonSequence, mediaEssence, takesJson } from '../../base/media-type.ts'
import type { Compilation } from '../compilation.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { DeclaredAnswer, DeclaredOperation, LocatedObject } from './types.ts'

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
        types.find(name => name.toLowerCase() === 'application/json') ??
        types.find(takesJson) ??
        types.find(isJsonSequence)
      // The text of an answer to a write may be the id of an object.
      const text = types.find(name => mediaEssence(name) === 'text/plain')
      const isText = type === undefined && target.method !== 'GET' && text !== undefined
      if (type === undefined && !isText && types.length > 0 && isSuccess(status)) {
        const { method, path } = target
        const holes = { method, path, what: `response ${status}`, given: types.join(', ') }
        compilation.report.add('MEDIA_TYPE_UNSUPPORTED', pointer(found.at, 'content'), holes)
      }
      const located = pointer(found.at, 'content', type ?? text ?? '')
      const media =
        type === undefined ? undefined : compilation.resolveObject(content[type], located)
      const mediaAt = media?.at ?? located
      const schema = member(media?.value, 'schema') ?? listOf(member(media?.value, 'itemSchema'))
      return {
        status,
        content,
        mediaType: type,
        media: media?.value,
        mediaAt,
        isText,
        headers: isJsonObject(found.value.headers) ? Object.keys(found.value.headers) : [],
        location: locationHeader(compilation, found.value, found.at),
        schema: schema === undefined ? undefined : { schema, at: pointer(mediaAt, 'schema') }
      }
    })
}

function locationHeader(
  compilation: Compilation,
  { headers }: JsonObject,
  at: Pointer
): LocatedObject | undefined {
  const [name] = Object.keys(isJsonObject(headers) ? headers : {}).filter(
    key => key.toLowerCase() === 'location'
  )
  return name === undefined
    ? undefined
    : compilation.resolveObject(member(headers, name), pointer(at, 'headers', name))
}

/** The items of a stream are a list. */
function listOf(items: JsonValue | undefined): JsonValue | undefined {
  return items === undefined ? undefined : { type: 'array', items }
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

/** Whether a schema is that of a type. */
export function isType(compilation: Compilation, draft: TypeDraft, view: SchemaView): boolean {
  if (view.at === draft.view?.at || view.at === draft.pointer) return true
  // Equal schemas of one name are one type.
  const name = textMember(member(view.node, 'x-flow-type'), 'name')
  if (name !== undefined && name.toLowerCase() === draft.name.toLowerCase()) return true
  return draft.named !== null && viewSchema(compilation, draft.named)?.at === view.at
}
