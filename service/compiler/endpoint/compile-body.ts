import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { dictionary, isJsonObject, member } from '../../base/json.ts'
import { isJsonMediaType, mediaEssence, takesJson } from '../../base/media-type.ts'
import type { Compilation } from '../compilation.ts'
import { propertyNamed } from './compile-source.ts'
import type { DeclaredOperation } from './find-operation.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import { emptyAllowed, scalarForm } from '../schema/scalar-property.ts'
import type { BodyRecord, BodyShape } from '../../model/endpoint-record.ts'
import type { BodyUse } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { SchemaPlace, SchemaView } from '../schema/view-schema.ts'
import { viewSchema } from '../schema/view-schema.ts'

type BodyMember = NonNullable<BodyShape['members']>[string]

const BODY_METHODS = ['POST', 'PUT', 'PATCH']

/** Nested objects of one body whose members are told apart; those further in are sent whole. */
const NESTED_MAX = 200

/**
 * Decides what an operation takes as its body: which media type, which members. Null where it takes none: GET
 * and DELETE have a body only when they declare it.
 */
export function compileBody(
  compilation: Compilation,
  target: DeclaredOperation
): BodyRecord | null {
  const declared = compilation.resolveObject(
    target.operation?.requestBody,
    pointer(target.at, 'requestBody')
  )
  if (declared === undefined && !BODY_METHODS.includes(target.method)) return null
  const content = member(declared?.value, 'content')
  const media = isJsonObject(content) ? Object.keys(content) : []
  const mediaType =
    media.find(name => mediaEssence(name) === 'application/json') ??
    media.find(isJsonMediaType) ??
    media.find(takesJson) ??
    media.find(isForm)
  if (media.length > 0 && mediaType === undefined) {
    compilation.report.add('MEDIA_TYPE_UNSUPPORTED', declared?.at ?? target.at, {
      method: target.method,
      path: target.path,
      what: 'a request body',
      given: media.join(', ')
    })
    return null
  }
  const schema = member(member(content, mediaType ?? ''), 'schema')
  const place = {
    schema: schema ?? null,
    at: pointer(declared?.at ?? '', 'content', mediaType ?? '', 'schema')
  }
  const { shape, list } =
    schema === undefined ? { shape: null, list: false } : shapeOf(compilation, place)
  return {
    mediaType: mediaType === undefined || mediaType.includes('*') ? 'application/json' : mediaType,
    encoding: encodingOf(mediaType ?? 'application/json'),
    list,
    required: declared?.value.required === true,
    shape,
    isDeclared: declared !== undefined
  }
}

/** How a mapping's object becomes the body; null where none is sent: a read sends only what is declared. */
export function compileBodyUse(
  compilation: Compilation,
  draft: TypeDraft,
  mapping: DeclaredMapping,
  body: BodyRecord | null
): BodyUse | null {
  if (body === null || (isRead(mapping.verb) && !body.isDeclared)) return null
  const { body: wrap = '' } = mapping.extension
  return { wrap, exclude: excluded(compilation, draft, mapping) }
}

function isForm(mediaType: string): boolean {
  return encodingOf(mediaType) !== 'json'
}

function encodingOf(mediaType: string): BodyRecord['encoding'] {
  const essence = mediaEssence(mediaType)
  if (essence === 'application/x-www-form-urlencoded') return 'form'
  return essence === 'multipart/form-data' ? 'multipart' : 'json'
}

function shapeOf(
  compilation: Compilation,
  place: SchemaPlace
): { shape: BodyShape | null; list: boolean } {
  const view = viewSchema(compilation, place)
  const item =
    view?.kind === 'array' && view.items !== null ? viewSchema(compilation, view.items) : undefined
  const object = item ?? view
  const list = item !== undefined
  if (object === undefined || object.choices.length > 0) return { shape: null, list }
  return { shape: shapeOfObject(compilation, object), list }
}

/** An object of a body, the members that it gets, and the objects around it. */
type OpenObject = {
  readonly view: SchemaView
  readonly members: Record<string, BodyMember>
  readonly around: readonly Pointer[]
}

/** The members that a body schema declares, breadth first; null members for a free-form one. */
function shapeOfObject(compilation: Compilation, root: SchemaView): BodyShape {
  if (root.properties.size === 0) return { members: null }
  const members = dictionary<BodyMember>()
  const open: OpenObject[] = [{ view: root, members, around: [root.at] }]
  for (const object of open) {
    for (const [key, place] of object.view.properties) {
      const view = viewSchema(compilation, place)
      if (view?.readOnly === true) continue
      const nested = view === undefined ? undefined : objectIn(compilation, view)
      const isPast = open.length > NESTED_MAX || !compilation.afford(1)
      if (nested === undefined || object.around.includes(nested.at) || isPast) {
        object.members[key] = scalarMember(view, key)
        continue
      }
      const inner = dictionary<BodyMember>()
      object.members[key] = { shape: { members: inner } }
      open.push({ view: nested, members: inner, around: [...object.around, nested.at] })
    }
  }
  return { members }
}

/** The object that a value is, or that its items are, when its members can be told apart. */
function objectIn(compilation: Compilation, view: SchemaView): SchemaView | undefined {
  const object =
    view.kind === 'array' && view.items !== null ? viewSchema(compilation, view.items) : view
  const isPlain = object?.kind === 'object' && object.properties.size > 0
  return isPlain && object.choices.length === 0 ? object : undefined
}

function scalarMember(view: SchemaView | undefined, key: string): BodyMember {
  if (view === undefined) return { whole: true }
  const { kind } = scalarForm(view, key)
  if (kind === 'json') return { whole: true }
  return { kind, nullable: view.nullable, emptyAllowed: emptyAllowed(view) }
}

function excluded(compilation: Compilation, draft: TypeDraft, mapping: DeclaredMapping): string[] {
  return Object.entries(mapping.extension.exclude ?? {}).flatMap(([given, isExcluded]) => {
    if (!isExcluded) return []
    const found = propertyNamed(draft.properties, given)
    if (found !== undefined) return found.key ?? []
    compilation.report.add('EXCLUDE_UNKNOWN', pointer(mapping.at, 'exclude', given), {
      type: draft.name,
      given,
      suggestion: compilation.suggest(given, () => draft.properties.map(({ name }) => name))
    })
    return []
  })
}
