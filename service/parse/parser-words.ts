import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import type { JsonObject } from '../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../base/json.ts'
import type { BrokenRule } from './check-structure.ts'
import { PATH_METHODS } from './path-methods.ts'

/** An operation in a message of the parser, and what follows it. */
const OPERATION =
  /^\/paths(\/.*)\/(get|put|post|delete|options|head|patch|trace)((?:\/(?:parameters|responses)\/.*)?)$/s

/** Messages of @readme/openapi-parser, with the place and the words of ours; `$1` is the place. */
const WORDS: readonly {
  readonly is: RegExp
  write(found: readonly string[], document: JsonObject): BrokenRule
}[] = [
  {
    is: /^`(\/paths\/[^`]*)` is missing path parameter\(s\) for (.*)\.$/s,
    write: ([, id = '', names = '']) => {
      const { at, path, method } = operationOf(id)
      const query = /\?.*$/s.exec(path)?.[0]
      if (query !== undefined) {
        const message = `the path "${path}" has a query; write the path without "${query}", and what it says as parameters with \`in: query\``
        return { message, pointer: at }
      }
      const listed = names.replaceAll('`', '').replace(/ and |, and /g, ', ')
      const message = `the path "${path}" has ${listed}, for which ${method} declares no parameter in the path`
      return { message, pointer: at }
    }
  },
  {
    is: /^`(\/paths\/[^`]*)` has a path parameter named `([^`]*)`, but there is no/,
    write: ([, id = '', name = '']) => {
      const { at, path } = operationOf(id)
      const message = `the parameter "${name}" is in the path, but the path "${path}" has no {${name}}`
      return { message, pointer: at }
    }
  },
  {
    is: /^The operationId `([^`]*)` is duplicated/,
    write: ([, id = ''], document) => {
      const [first, second] = operationsWithId(document, id)
      const other = first === undefined ? '' : `, as of ${first.method.toUpperCase()} ${first.path}`
      const message = `the "operationId" ${JSON.stringify(id)} is used before${other}, and must be unique`
      return { message, pointer: second === undefined ? '' : pointer(second.at, 'operationId') }
    }
  },
  {
    is: /^Found multiple `([^`]*)` parameters named `([^`]*)` in `([^`]*)`/,
    write: ([, place = '', name = '', id = '']) => ({
      message: `the ${place} parameter "${name}" is declared twice`,
      pointer: pointer(operationOf(id).at, 'parameters')
    })
  },
  {
    is: /^`(\/paths\/[^`]*)` is an array, so it (?:must|should) include an `items` schema/,
    write: ([, id = ''], document) => {
      const { at, rest } = operationOf(id)
      const [, name] = /^\/parameters\/(.*)$/s.exec(rest) ?? []
      const index = name === undefined ? -1 : parameterIndex(document, at, name)
      const place = index < 0 ? at : pointer(at, 'parameters', index)
      const what =
        name === undefined ? `of ${rest.slice(1) || 'an answer'}` : `of parameter "${name}"`
      return {
        message: `the schema ${what} is an array and has no \`items\`, which is required`,
        pointer: place
      }
    }
  },
  {
    is: /^`\/components\/securitySchemes\/([^`]*)` (.*)$/s,
    write: ([, name = '', said = '']) => ({
      message: `the security scheme "${name}" ${said.replace(/\.$/, '')}`,
      pointer: pointer('/components/securitySchemes', name)
    })
  }
]

/**
 * A message of @readme/openapi-parser in words of ours, which name key, value and what is allowed, at the nearest place.
 *
 * @param document As it was given to the parser.
 */
export function readParserMessage(message: string, document: JsonObject): BrokenRule {
  for (const { is, write } of WORDS) {
    const found = is.exec(message)
    if (found !== null) return write(found, document)
  }
  const [line = message] = message.split('\n', 1)
  const [, id = ''] = /`(\/paths\/[^`]*)`/.exec(line) ?? []
  return { message: line, pointer: operationOf(id).at }
}

/** The operation that a message names; the path itself, or the document, where it names none. */
function operationOf(id: string): { at: Pointer; path: string; method: string; rest: string } {
  const [, path = '', method = '', rest = ''] = OPERATION.exec(id) ?? []
  if (method !== '') return { at: pointer('/paths', path, method), path, method, rest }
  const only = id.replace(/^\/paths/, '')
  return { at: only === '' ? '' : pointer('/paths', only), path: only, method: 'it', rest: '' }
}

function operationsWithId(
  { paths }: JsonObject,
  id: string
): { path: string; method: string; at: Pointer }[] {
  return Object.entries(isJsonObject(paths) ? paths : {}).flatMap(([path, item]) =>
    PATH_METHODS.filter(method => textMember(member(item, method), 'operationId') === id).map(
      method => {
        return { path, method, at: pointer('/paths', path, method) }
      }
    )
  )
}

function parameterIndex(document: JsonObject, at: Pointer, name: string): number {
  const [path, method] = at
    .split('/')
    .slice(2)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const item = member(document.paths, path ?? '')
  const parameters = member(member(item, method ?? ''), 'parameters')
  return isJsonArray(parameters)
    ? parameters.findIndex(each => textMember(each, 'name') === name)
    : -1
}
