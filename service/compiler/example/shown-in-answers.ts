import { followPath } from '../../base/dotted-path.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject } from '../../base/json.ts'
import type { MappingVerb } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import { declaredAnswers, primaryAnswer } from '../endpoint/compile-answer.ts'
import { findOperation } from '../endpoint/find-operation.ts'
import type { DeclaredAnswer } from '../endpoint/types.ts'
import type { NamedType } from '../schema/named-types.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { objectsInExample } from './place-in-example.ts'
import { namedExamples, readExample } from './read-example.ts'

/** The mappings whose answers show objects, in the order in which they are asked. */
const SHOWING: readonly MappingVerb[] = ['load', 'query', 'update', 'save']

/** Objects that are joined to one. */
const OBJECTS_MAX = 50

/**
 * An object with all members of those that the examples of the answers of a type show; undefined for none. It is for a
 * type whose schema shows no member.
 */
export function shownInAnswers(
  compilation: Compilation,
  { mappings }: NamedType
): JsonValue | undefined {
  const objects = SHOWING.flatMap(verb => {
    const mapping = mappings.find(each => each.verb === verb)
    if (mapping === undefined) return []
    const answer = primaryAnswer(declaredAnswers(compilation, findOperation(compilation, mapping)))
    const { records } = mapping.extension
    return answer === undefined
      ? []
      : examplesOfAnswer(compilation, answer).flatMap(example =>
          objectsInExample(followPath(example, records ?? '') ?? null, verb === 'query')
        )
  })
  const members = new Map<string, JsonValue>()
  for (const object of objects.slice(0, OBJECTS_MAX)) addMembers(members, object)
  return members.size === 0 ? undefined : Object.fromEntries(members)
}

/** The examples of the media type of an answer: the single one, then the named ones. */
export function examplesOfAnswer(
  compilation: Compilation,
  { media, mediaAt, schema }: DeclaredAnswer
): readonly JsonValue[] {
  const due = schema && viewSchema(compilation, schema)
  const at = pointer(mediaAt, 'example')
  const given = media?.example
  const single = given === undefined ? undefined : readExample(compilation, given, at, due)
  const named = namedExamples(compilation, media?.examples, pointer(mediaAt, 'examples'), due)
  return [...(single === undefined ? [] : [single]), ...named.map(([, value]) => value)]
}

/** Adds the members that are not known, or only as null. */
function addMembers(members: Map<string, JsonValue>, object: JsonObject): void {
  for (const [key, value] of Object.entries(object)) {
    const known = members.get(key)
    if (known == null || (isJsonObject(known) && Object.keys(known).length === 0)) {
      members.set(key, value)
    }
  }
}
