import type { JSONPathQuery, JSONValue } from 'json-p3'
import { FunctionExpressionType, jsonpath, JSONPathEnvironment, JSONPathError } from 'json-p3'

import type { JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonObject, member, ownMember } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { TREE_DEPTH_MAX } from '../check-tree.ts'
import type { DocumentOrigin } from '../document-origin.ts'
import type { Path } from './edited-tree.ts'
import { matchesPart, matchesWhole } from './linear-patterns.ts'

/**
 * The places of the values that a JSONPath selects, each once, in its order; where there are none, the member that was
 * likely meant. Or why it selects nothing.
 */
export type Targets =
  | { readonly paths: readonly Path[]; readonly near?: string }
  | { readonly fault: string }

/** Evaluates JSONPaths (RFC 9535), which share one bound on the members that they look at. */
export type FindTargets = (path: string, root: JsonValue) => Targets

/** Longest JSONPath, in characters. */
const PATH_MAX = 4_000

/** Most values that one JSONPath may select. */
const TARGETS_MAX = 100_000

/** Most members of objects that all JSONPaths may look at. */
const MEMBERS_MAX = 5_000_000

const VALUE = FunctionExpressionType.ValueType

/** More is looked at than may be. */
class SearchLimit extends Error {
  override readonly name = 'SearchLimit'
}

/** Hooks of json-p3: patterns that take linear time, exact numbers without members, and the bound. */
class BoundedEnvironment extends JSONPathEnvironment {
  #left = MEMBERS_MAX

  protected override setupFilterFunctions(): void {
    super.setupFilterFunctions()
    const types = { argTypes: [VALUE, VALUE], returnType: FunctionExpressionType.LogicalType }
    this.functionRegister.set('match', { ...types, call: matchesWhole })
    this.functionRegister.set('search', { ...types, call: matchesPart })
  }

  override entries(value: { [key: string]: JSONValue }): [string, JSONValue][] {
    if (isExactNumber(value)) return []
    const entries = Object.entries(value)
    this.#left -= entries.length + 1
    if (this.#left < 0) throw new SearchLimit('they look at more than they may')
    return entries
  }
}

/** The first member that a JSONPath names: `$.paths`, `$['paths']`. */
const FIRST = /^\$(?:\.(\w+)|\['(\w+)'\]|\["(\w+)"\])/

/** @param moved Where members of the root are now that a JSONPath may begin with. */
export function createTargetFinder(moved: DocumentOrigin['moved'] = {}): FindTargets {
  const environment = new BoundedEnvironment({ maxRecursionDepth: TREE_DEPTH_MAX + 50 })
  return (path, root) => {
    if (path.length > PATH_MAX) {
      return { fault: `its JSONPath has more than ${PATH_MAX} characters` }
    }
    try {
      const query = environment.compile(pathNow(path, moved))
      const paths = new Map<string, Path>()
      let count = 0
      if (!isSearchable(root)) return { paths: [] }
      for (const { location } of query.lazyQuery(root)) {
        paths.set(JSON.stringify(location), location)
        // Also those that it selects again and again.
        if (++count > TARGETS_MAX) {
          return { fault: `its JSONPath matches more than ${TARGETS_MAX} values` }
        }
      }
      const near = paths.size > 0 ? undefined : nearestMember(query, root)
      return { paths: [...paths.values()], ...(near !== undefined && { near }) }
    } catch (error) {
      return { fault: faultOf(error) }
    }
  }
}

function pathNow(path: string, moved: DocumentOrigin['moved']): string {
  const [begin = '', ...names] = FIRST.exec(path) ?? []
  const now = ownMember(moved, names.find(name => name !== undefined) ?? '')
  return now === undefined ? path : now + path.slice(begin.length)
}

/** The member like the first one that a JSONPath names and that there is not. */
function nearestMember({ segments }: JSONPathQuery, root: JsonValue): string | undefined {
  let value: JsonValue | undefined = root
  for (const { selectors } of segments) {
    const [selector, second] = selectors
    if (!(selector instanceof jsonpath.selectors.NameSelector) || second !== undefined)
      return undefined
    const inner = member(value, selector.name)
    if (inner === undefined) {
      return isJsonObject(value) ? nearest(selector.name, Object.keys(value)) : undefined
    }
    value = inner
  }
  return undefined
}

/** Any JSON value is, though the library does not know exact numbers; the check is for the type. */
function isSearchable(value: unknown): value is JSONValue {
  return value !== undefined
}

function faultOf(error: unknown): string {
  if (error instanceof JSONPathError) return `its JSONPath is invalid: ${error.message}`
  if (error instanceof SearchLimit) {
    return `all JSONPaths together look at more than ${MEMBERS_MAX} members`
  }
  // What nests too deep, or is too wide, exceeds the stack.
  if (error instanceof RangeError) return 'its JSONPath takes too much to be evaluated'
  throw error
}
