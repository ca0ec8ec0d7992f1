import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { dictionary, isJsonObject, member } from '../../base/json.ts'
import { isJsonMediaType, mediaEssence, takesJson } from '../../base/media-type.ts'
import type { BodyRecord, BodyShape } from '../../model/endpoint-record.ts'
import type { BodyUse } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import { emptyAllowed, scalarForm } from '../schema/scalar-property.ts'
import type { LocatedSchema, SchemaView } from '../schema/view-schema.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'
import { propertyNamed } from './compile-source.ts'
import type { DeclaredOperation, MappingContext } from './types.ts'

type BodyMember = NonNullable<BodyShape['members']>[string]

const BODY_METHODS = ['POST', 'PUT', 'PATCH']

/** How many nested objects of one body are described by members; further ones are sent whole. */
const NESTED_MAX = 200

/**
 * The body that an operation takes, by media type and members. Null for none: GET and DELETE have a body
 * only when they declare it.
 */
export function compileBody(
  compilation: Compilation,
  { method, path, operation, at }: DeclaredOperation
): BodyRecord | null {
  const requestAt = pointer(at, 'requestBody')
  const declared = compilation.resolveObject(operation?.requestBody, requestAt)
  if (declared === undefined && !BODY_METHODS.includes(method)) return null
  const content = member(declared?.value, 'content')
  const media = isJsonObject(content) ? Object.keys(content) : []
  const mediaType =
    media.find(name => mediaEssence(name) === 'application/json') ??
    media.find(isJsonMediaType) ??
    media.find(takesJson) ??
    media.find(name => encodingOf(name) !== 'json')
  if (media.length > 0 && mediaType === undefined) {
    const holes = { method, path, what: 'a request body', given: media.join(', ') }
    compilation.report.add('MEDIA_TYPE_UNSUPPORTED', declared?.at ?? at, holes)
    return null
  }
  const schema = member(member(content, mediaType ?? ''), 'schema')
  const schemaAt = pointer(declared?.at ?? '', 'content', mediaType ?? '', 'schema')
  return {
    mediaType: mediaType === undefined || mediaType.includes('*') ? 'application/json' : mediaType,
    encoding: encodingOf(mediaType ?? 'application/json'),
    ...(schema === undefined
      ? { shape: null, list: false }
      : shapeOf(compilation, { schema, at: schemaAt })),
    required: declared?.value.required === true,
    isDeclared: declared !== undefined
  }
}

/** How a mapping's object becomes the body; null for none: a read sends only a declared body. */
export function compileBodyUse(context: MappingContext): BodyUse | null {
  const { body } = context.endpoint.record
  const { verb, extension } = context.mapping
  if (body === null || (isRead(verb) && !body.isDeclared)) return null
  return { wrap: extension.body ?? '', exclude: excludedMembers(context) }
}

function encodingOf(mediaType: string): BodyRecord['encoding'] {
  const essence = mediaEssence(mediaType)
  if (essence === 'application/x-www-form-urlencoded') return 'form'
  return essence === 'multipart/form-data' ? 'multipart' : 'json'
}

function shapeOf(
  compilation: Compilation,
  located: LocatedSchema
): Pick<BodyRecord, 'shape' | 'list'> {
  const view = viewSchema(compilation, located)
  const item = view && viewItems(compilation, view)
  const object = item ?? view
  const isKnown = object !== undefined && object.choices.length === 0
  return { shape: isKnown ? shapeOfObject(compilation, object) : null, list: item !== undefined }
}

/** An object of a body, the members that it gets, and the objects around it. */
type OpenObject = {
  readonly view: SchemaView
  readonly members: Record<string, BodyMember>
  readonly around: readonly Pointer[]
}

/** The members that a body schema declares, breadth first; null for a free-form one. */
function shapeOfObject(compilation: Compilation, root: SchemaView): BodyShape {
  if (root.properties.size === 0) return { members: null }
  const members = dictionary<BodyMember>()
  const shape = { members, ...closed(root) }
  const open: OpenObject[] = [{ view: root, members, around: [root.at] }]
  for (const object of open) {
    for (const [key, located] of object.view.properties) {
      const view = viewSchema(compilation, located)
      if (view?.readOnly === true) continue
      const nested = view === undefined ? undefined : objectIn(compilation, view)
      const isPast = open.length > NESTED_MAX || !compilation.afford(1)
      if (nested === undefined || object.around.includes(nested.at) || isPast) {
        object.members[key] = scalarMember(view, key)
        continue
      }
      const inner = dictionary<BodyMember>()
      object.members[key] = { shape: { members: inner, ...closed(nested) } }
      open.push({ view: nested, members: inner, around: [...object.around, nested.at] })
    }
  }
  return shape
}

function closed({ node }: SchemaView): Pick<BodyShape, 'isClosed'> {
  return node.additionalProperties === false ? { isClosed: true } : {}
}

/** The object that a value is, or its items are, when its members are known. */
function objectIn(compilation: Compilation, view: SchemaView): SchemaView | undefined {
  const object = viewItems(compilation, view) ?? view
  const isPlain = object.kind === 'object' && object.properties.size > 0
  return isPlain && object.choices.length === 0 ? object : undefined
}

function scalarMember(view: SchemaView | undefined, key: string): BodyMember {
  if (view === undefined) return { whole: true }
  const { kind } = scalarForm(view, key)
  if (kind === 'json') return { whole: true }
  return { kind, nullable: view.nullable, emptyAllowed: emptyAllowed(view) }
}

/** The JSON members that `exclude` names. */
function excludedMembers({ compilation, draft, mapping }: MappingContext): string[] {
  return Object.entries(mapping.extension.exclude ?? {}).flatMap(([given, isExcluded]) => {
    if (!isExcluded) return []
    const found = propertyNamed(draft.properties, given)
    if (found !== undefined) return found.key ?? []
    const names = (): string[] => draft.properties.map(({ name }) => name)
    const holes = { type: draft.name, given, suggestion: compilation.suggest(given, names) }
    compilation.report.add('EXCLUDE_UNKNOWN', pointer(mapping.at, 'exclude', given), holes)
    return []
  })
}
