import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import type { Chooser } from './chooser.ts'
import { growExtension } from './extension-grammar.ts'
import { growSchema, reference } from './schema-grammar.ts'

const MEDIA_TYPES = [
  'application/json',
  'application/json',
  'application/hal+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
  'application/merge-patch+json',
  '*/*',
  'application/vnd.Ā+json',
  ''
] as const
const STYLES = [
  'form',
  'simple',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
  'label',
  'matrix',
  'odd'
] as const
/** The parameter of the path to an object. */
export function idParameter({ pick }: Chooser): JsonObject {
  return { name: 'id', in: 'path', required: true, schema: { type: pick(['string', 'integer']) } }
}

/** An operation of a type, with its parameters, body and answer. */
export function growOperation(
  chooser: Chooser,
  type: string,
  method: string,
  answer: JsonValue
): JsonObject {
  const { pick, once } = chooser
  const parameters = chooser.some(6, () => ({
    name: pick([
      'q',
      'limit',
      'offset',
      'page',
      'X-V',
      'after',
      'Idempotency-Key',
      'If-Match',
      'Ā',
      'id'
    ]),
    in: pick(['query', 'query', 'header', 'cookie', 'path', 'odd']),
    ...(once(12) && { required: true }),
    ...(once(4) && { style: pick(STYLES), explode: once(2) }),
    ...(once(6) && { allowReserved: true }),
    schema: growSchema(chooser, [type], 1)
  }))
  const encoding = {
    name: {
      style: pick(STYLES),
      contentType: pick(['text/plain', 'image/png', 'x']),
      allowReserved: true
    }
  }
  const body = {
    content: { [pick(MEDIA_TYPES)]: { schema: reference(type), ...(once(3) && { encoding }) } }
  }
  const status = pick(['200', '200', '201', '204', '2XX', 'default', '404'])
  const headers = { ETag: { schema: { type: 'string' } } }
  return {
    parameters,
    ...(method !== 'get' && !once(6) && { requestBody: { required: once(2), ...body } }),
    ...(once(6) && { 'x-flow-rate-limit': growExtension(chooser, 'x-flow-rate-limit') }),
    ...(once(6) && { 'x-flow-pagination': growExtension(chooser, 'x-flow-pagination') }),
    ...(once(6) && { 'x-flow-retry': growExtension(chooser, 'x-flow-retry') }),
    responses: {
      [status]: {
        description: 'ok',
        headers,
        ...(status !== '204' && {
          content: { [pick(MEDIA_TYPES)]: { schema: answer, ...(once(4) && { example: {} }) } }
        })
      }
    }
  }
}
