import { splitPath } from '../../base/dotted-path.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { plainText } from '../../base/json.ts'
import type { BodyPlace } from '../../model/body-record.ts'
import { scalarForm } from '../schema/scalar-property.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'
import type { MappingContext } from './types.ts'

/**
 * The place of a member of the body that `parameters` fills, by its dotted path: from the whole body, through
 * arrays into their items. Undefined, with a diagnostic, where the operation takes no body.
 *
 * @param path Without `body.`.
 */
export function compileBodyPlace(
  context: MappingContext,
  path: string,
  at: Pointer
): BodyPlace | undefined {
  const { compilation, endpoint } = context
  const { record, schema, unsupported } = endpoint.body
  if (record === null) {
    const reason = 'the operation takes no body'
    const holes = { parameter: `body.${path}`, reason, remedy: 'Declare its `requestBody`' }
    if (unsupported === null) compilation.report.add('PARAMETER_UNSUPPORTED', at, holes)
    return undefined
  }
  const root = schema && viewSchema(compilation, schema)
  const whole = root && (viewItems(compilation, root) ?? root)
  const keys = whole?.properties.has(path) ? [path] : splitPath(path)
  const views = [root]
  for (const key of keys) views.push(memberView(context, views.at(-1), key, path, at))
  const view = views.at(-1)
  const lists = keys.flatMap((_, index) => (views[index]?.kind === 'array' ? [index] : []))
  const way = { path: keys, ...(lists.length > 0 && { lists }) }
  if (view === undefined) return { ...way, kind: 'text', allowed: null, list: false }
  const held = viewItems(compilation, view) ?? view
  const allowed = held.allowed?.map(plainText) ?? null
  const { kind } = scalarForm(held, '')
  return { ...way, kind, allowed, list: view.kind === 'array' }
}

/** The schema of a member; undefined where none is declared, a warning if others are. */
function memberView(
  { compilation, endpoint }: MappingContext,
  view: SchemaView | undefined,
  key: string,
  path: string,
  at: Pointer
): SchemaView | undefined {
  const object = view && (viewItems(compilation, view) ?? view)
  if (object === undefined) return undefined
  const located = object.properties.get(key) ?? object.mapValues ?? undefined
  if (located !== undefined) return viewSchema(compilation, located)
  if (object.properties.size > 0 && object.choices.length === 0) {
    const { method, path: template } = endpoint.record
    const suggestion = compilation.suggest(key, () => object.properties.keys())
    const holes = { method, path: template, given: `body.${path}`, suggestion, place: 'body' }
    compilation.report.add('PARAMETER_UNKNOWN', at, holes)
  }
  return undefined
}
