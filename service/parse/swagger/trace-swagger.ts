import type { Pointer } from '../../base/json-pointer.ts'
import { follow, pointerParts, pointerTo } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import { parameterTarget } from './parameter-target.ts'

type Parts = readonly string[]

/** Where Swagger 2.0 has the components of OpenAPI 3.0. */
export const COMPONENTS: { readonly [name: string]: string } = {
  schemas: 'definitions',
  parameters: 'parameters',
  responses: 'responses',
  securitySchemes: 'securityDefinitions'
}

/**
 * Finds the values of a converted document in the one that it was made of. What the converter has made itself is found
 * at the nearest value around it.
 */
export function traceSwagger(
  original: JsonObject,
  converted: JsonObject
): (at: Pointer) => Pointer {
  const names = new Map(
    Object.entries(COMPONENTS).map(([kind, key]) => {
      const after = member(member(converted, 'components'), kind)
      return [kind, originalNames(original[key], after)]
    })
  )
  const trace = (parts: Parts): Parts => {
    const [first, kind = '', name = '', ...rest] = parts
    if (first === 'paths') return tracePath(original, converted, parts)
    if (first === 'servers') return original.host === undefined ? ['basePath'] : ['host']
    if (first !== 'components') return parts
    if (kind === 'requestBodies') {
      const user = findUser(converted, `#${pointerTo('', ['components', kind, name])}`)
      return user === undefined ? [] : trace([...user, 'requestBody', ...rest])
    }
    const key = COMPONENTS[kind]
    if (key === undefined) return []
    const given = names.get(kind)?.get(name) ?? name
    const inner =
      kind === 'responses'
        ? withoutContent(rest)
        : kind === 'parameters'
          ? withoutSchema(rest)
          : rest
    return name === '' ? [key] : [key, given, ...inner]
  }
  return at => pointerTo('', trace(pointerParts(at) ?? []))
}

/** The names before names that components may not have were changed: the changed ones come last, in their order. */
function originalNames(
  before: JsonValue | undefined,
  after: JsonValue | undefined
): ReadonlyMap<string, string> {
  const [given, made] = [before, after].map(map => Object.keys(isJsonObject(map) ? map : {}))
  const changed = (given ?? []).filter(name => member(after, name) === undefined)
  const fresh = (made ?? []).filter(name => member(before, name) === undefined)
  return new Map(fresh.map((name, index) => [name, changed[index] ?? name]))
}

/** The operation that uses a body. */
function findUser({ paths }: JsonObject, ref: string): Parts | undefined {
  for (const [path, item] of Object.entries(isJsonObject(paths) ? paths : {})) {
    for (const [method, operation] of Object.entries(isJsonObject(item) ? item : {})) {
      if (textMember(member(operation, 'requestBody'), '$ref') === ref)
        return ['paths', path, method]
    }
  }
  return undefined
}

function tracePath(original: JsonObject, converted: JsonObject, parts: Parts): Parts {
  const [, path = '', method = '', kind, name = '', ...rest] = parts
  const operation: Parts = ['paths', path, method]
  if (method === 'parameters') {
    const [, , , index = '', ...inner] = parts
    return traceParameter(original, converted, ['paths', path], index, inner)
  }
  if (kind === 'responses')
    return [...operation, kind, ...(name === '' ? [] : [name]), ...withoutContent(rest)]
  if (kind === 'parameters') return traceParameter(original, converted, operation, name, rest)
  if (kind !== 'requestBody') return parts
  // `content`, the media type, `schema`.
  const [, isSchema, ...inner] = name === 'content' ? rest : []
  return traceBody(original, operation, isSchema === 'schema' ? inner : [])
}

/** Parameters in the body are no parameters any more, so that the others are known by their names. */
function traceParameter(
  original: JsonObject,
  converted: JsonObject,
  holder: Parts,
  index: string,
  rest: Parts
): Parts {
  const at = pointerTo('', [...holder, 'parameters'])
  if (index === '') return [...holder, 'parameters']
  const wanted = follow(converted, `${at}/${index}`)
  const given = follow(original, at)
  const place = (isJsonArray(given) ? given : []).findIndex(each => isSame(each, wanted))
  return place === -1
    ? [...holder, 'parameters']
    : [...holder, 'parameters', String(place), ...withoutSchema(rest)]
}

function isSame(before: JsonValue, after: JsonValue | undefined): boolean {
  const ref = textMember(before, '$ref')
  if (ref !== undefined) return ref.replace('#/', '#/components/') === textMember(after, '$ref')
  return ['name', 'in'].every(key => textMember(before, key) === textMember(after, key))
}

/** The parameter that is the body, or that has a member of its form. */
function traceBody(original: JsonObject, operation: Parts, inner: Parts): Parts {
  const holders = [operation, operation.slice(0, -1)]
  for (const holder of holders) {
    const at = [...holder, 'parameters']
    const list = follow(original, pointerTo('', at))
    const targets = (isJsonArray(list) ? list : []).map(each => parameterTarget(original, each))
    const body = targets.findIndex(each => textMember(each, 'in') === 'body')
    if (body !== -1) return [...at, String(body), 'schema', ...inner]
    const [word, name, ...rest] = inner
    const field = targets.findIndex(
      each =>
        textMember(each, 'in') === 'formData' &&
        (word !== 'properties' || textMember(each, 'name') === name)
    )
    if (field !== -1) return [...at, String(field), ...(word === 'properties' ? rest : [])]
  }
  return operation
}

/** Of a response: without the media type around a schema. */
function withoutContent(parts: Parts): Parts {
  const [word, , ...rest] = parts
  return word === 'content' ? rest : parts
}

/** Of a parameter: its schema was itself. */
function withoutSchema(parts: Parts): Parts {
  return parts[0] === 'schema' ? parts.slice(1) : parts
}
