import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, member, textMember } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { SourceScope } from './compile-source.ts'
import { propertyNamed } from './compile-source.ts'
import type { Source } from '../../model/mapping-record.ts'
import { CRITERIA } from '../../model/mapping-record.ts'

/** One condition that an API takes, and the parameter that takes it. */
export type WhereEntry = {
  readonly parameter: string
  readonly source: Source
  readonly at: Pointer
}

/**
 * Reads `parameters.where` (x-flow 5.1), whose left side is the flow property and whose right side
 * the API's parameter: `City: city`, `Created: {GREATER_THAN: after}`,
 * `Status: {EQUAL: {parameter: status, any: true}}`.
 */
export function compileWhere(
  compilation: Compilation,
  scope: SourceScope,
  where: JsonObject,
  at: Pointer
): WhereEntry[] {
  return Object.entries(where).flatMap(([given, right]) => {
    const property = propertyNamed(scope.type.properties, given)
    if (property === undefined) {
      compilation.report.add('SOURCE_UNKNOWN', pointer(at, given), {
        given,
        type: scope.type.name,
        suggestion: compilation.suggest(given, () => scope.type.properties.map(({ name }) => name))
      })
      return []
    }
    const criteria: readonly (readonly [string, JsonValue])[] = isJsonObject(right)
      ? Object.entries(right)
      : [['EQUAL', right]]
    return criteria.flatMap(([word, target]) =>
      entry(compilation, scope, property.name, word, target, pointer(at, given))
    )
  })
}

function entry(
  compilation: Compilation,
  scope: SourceScope,
  column: string,
  word: string,
  target: JsonValue,
  at: Pointer
): WhereEntry[] {
  const criterion = CRITERIA.find(known => known === word.toUpperCase())
  const parameter = typeof target === 'string' ? target : textMember(target, 'parameter')
  if (criterion === undefined || parameter === undefined) {
    const reason =
      criterion === undefined
        ? `"${word}" is no criterion${compilation.suggest(word, () => CRITERIA)}`
        : 'the right side of `where` is the name of a parameter'
    compilation.report.add('EXTENSION_MALFORMED', at, {
      key: scope.key,
      reason,
      section: 'filters-order-and-search'
    })
    return []
  }
  const any = member(target, 'any') === true
  return [{ parameter, source: { from: 'filter', column, criterion, any }, at }]
}
