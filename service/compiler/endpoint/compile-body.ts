import { pointer } from '../../base/json-pointer.ts'
import { isJsonObject, member } from '../../base/json.ts'
import { isJsonMediaType, mediaEssence, takesJson } from '../../base/media-type.ts'
import type { BodyRecord } from '../../model/body-record.ts'
import type { Compilation } from '../compilation.ts'
import { compileFields } from './compile-fields.ts'
import { shownMedia } from './shown-media.ts'
import type { CompiledBody, DeclaredOperation } from './types.ts'

/** What `Content-Type` can hold (RFC 9110 8.3.1). A name with anything else is no media type. */
const HEADER_TEXT = /^[\t\x20-\x7e]+$/

const BODY_METHODS = ['POST', 'PUT', 'PATCH']

/**
 * The body that an operation takes, by media type. No record for none: GET and DELETE have a body only when
 * they declare it.
 */
export function compileBody(
  compilation: Compilation,
  { method, path, operation, at }: DeclaredOperation
): CompiledBody {
  const none = { record: null, schema: undefined, unsupported: null }
  const requestAt = pointer(at, 'requestBody')
  const declared = compilation.resolveObject(operation?.requestBody, requestAt)
  if (declared === undefined && !BODY_METHODS.includes(method)) return none
  const content = member(declared?.value, 'content')
  const names = isJsonObject(content) ? Object.keys(content) : []
  const name = writableMedia(names, method)
  if (names.length > 0 && name === undefined) {
    const given = shownMedia(names)
    const holes = { method, path, what: 'a request body', given }
    compilation.report.add('MEDIA_TYPE_UNSUPPORTED', declared?.at ?? at, holes)
    return { ...none, unsupported: given }
  }
  const media = member(content, name ?? '')
  const mediaAt = pointer(declared?.at ?? '', 'content', name ?? '')
  const given = member(media, 'schema')
  const schema = given === undefined ? undefined : { schema: given, at: pointer(mediaAt, 'schema') }
  const encoding = encodingOf(name ?? 'application/json')
  const fields =
    encoding === 'json' ? undefined : compileFields(compilation, encoding, media, mediaAt, schema)
  return {
    record: {
      mediaType: name === undefined || name.includes('*') ? 'application/json' : name,
      encoding,
      required: declared?.value.required === true,
      isDeclared: declared !== undefined,
      ...(fields !== undefined && { fields })
    },
    schema,
    unsupported: null
  }
}

/**
 * The declared media type that is written: JSON before forms. A PATCH prefers a merge patch (RFC 7396),
 * which is what an update sends; a JSON patch (RFC 6902) is a list of steps that no object becomes. A name that
 * no header can hold is never written.
 */
function writableMedia(names: readonly string[], method: string): string | undefined {
  const open = names.filter(
    name => HEADER_TEXT.test(name) && !/json-?patch/.test(mediaEssence(name))
  )
  const exactly = (essence: string): string | undefined =>
    open.find(name => mediaEssence(name) === essence)
  return (
    (method === 'PATCH' ? exactly('application/merge-patch+json') : undefined) ??
    exactly('application/json') ??
    open.find(isJsonMediaType) ??
    open.find(takesJson) ??
    open.find(name => encodingOf(name) !== 'json')
  )
}

function encodingOf(mediaType: string): BodyRecord['encoding'] {
  const essence = mediaEssence(mediaType)
  if (essence === 'application/x-www-form-urlencoded') return 'form'
  return essence === 'multipart/form-data' ? 'multipart' : 'json'
}
