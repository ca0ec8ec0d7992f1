import { isJsonObject, jsonEqual, member } from '../../base/json.ts'
import { mediaEssence } from '../../base/media-type.ts'
import { USUAL_ACCEPT } from '../../model/endpoint-record.ts'
import { isSuccess } from './compile-answer.ts'
import type { DeclaredAnswer } from './types.ts'

const JSON_TYPE = 'application/json'

/** A media type without wildcards that a header can hold (RFC 9110 8.3.1). */
const MEDIA_TYPE =
  /^[\w!#$%&'+.^`|~-]+\/[\w!#$%&'+.^`|~-]+(?:[ \t]*;[ \t]*[\w!#$%&'*+.^`|~-]+=(?:[\w!#$%&'*+.^`|~-]+|"[\w\t !#-[\]-~]*"))*$/

/** A longer name is no media type. */
const MEDIA_TYPE_MAX_LENGTH = 200

/**
 * The `Accept` header of an operation (docs/x-flow.md#answers-and-errors): the media type whose schema is
 * read, then `application/json` unless it is declared with another schema, then anything.
 *
 * @param primary The expected answer.
 */
export function compileAccept(primary: DeclaredAnswer | undefined): string {
  const given = primary?.mediaType?.trim() ?? ''
  const isRead =
    primary !== undefined && (isSuccess(primary.status) || primary.status === 'default')
  const isNamed = given.length <= MEDIA_TYPE_MAX_LENGTH && MEDIA_TYPE.test(given)
  if (!isRead || !isNamed) return USUAL_ACCEPT
  const isOther = mediaEssence(given) !== JSON_TYPE && declaresSame(primary)
  return [given, ...(isOther ? [`${JSON_TYPE};q=0.9`] : []), '*/*;q=0.1'].join(', ')
}

/** Whether `application/json` of an answer has the schema that is read, or none. */
function declaresSame({ content, media }: DeclaredAnswer): boolean {
  const name = Object.keys(content).find(given => mediaEssence(given) === JSON_TYPE)
  const declared = member(content, name ?? '')
  const schema = isJsonObject(declared) ? declared.schema : undefined
  return schema === undefined || jsonEqual(schema, member(media, 'schema') ?? null)
}
