import Type, { type Static } from 'typebox'

import {
  exact,
  ObjectDataRequest,
  optional,
  Problem,
  RequestObject,
  ResponseObject,
  textOrNull
} from './schemas.ts'

/** Most objects that one trial writes. */
const OBJECTS_MAX = 100

/** A use of a type: the body of the platform's request, and the verb of the mapping (docs/running.md#trying-a-type). */
export const TryRequest = Type.Object({
  ...ObjectDataRequest.properties,
  objectData: optional(Type.Array(RequestObject, { maxItems: OBJECTS_MAX })),
  verb: Type.Union([
    Type.Literal('load'),
    Type.Literal('query'),
    Type.Literal('save'),
    Type.Literal('update'),
    Type.Literal('delete')
  ])
})
export type TryRequest = Static<typeof TryRequest>

const text = Type.String()
const count = Type.Integer({ minimum: 0 })
const milliseconds = Type.Number({ minimum: 0 })
const headers = Type.Record(text, text)

const ShownRequest = exact({ method: text, url: text, headers, body: textOrNull })

const ShownAnswer = exact({
  status: Type.Integer(),
  headers,
  body: textOrNull,
  isCut: Type.Boolean()
})

/** What a use of a type gave, and how it came about. */
export const TryAnswer = exact({
  request: ShownRequest,
  answer: exact({
    statusCode: Type.Integer(),
    hasMoreResults: Type.Boolean(),
    offsetToken: textOrNull
  }),
  problem: Type.Union([Problem, Type.Null()]),
  calls: Type.Array(
    exact({
      answeredBy: Type.Union([Type.Literal('api'), Type.Literal('example')]),
      request: ShownRequest,
      answer: Type.Union([ShownAnswer, Type.Null()]),
      failure: textOrNull
    })
  ),
  callsLeftOut: count,
  conditions: Type.Array(
    exact({
      part: Type.Union([
        Type.Literal('condition'),
        Type.Literal('search'),
        Type.Literal('order'),
        Type.Literal('objects')
      ]),
      text,
      sent: Type.Array(text),
      isEvaluated: Type.Boolean(),
      reason: text
    })
  ),
  paging: textOrNull,
  pages: Type.Array(
    exact({
      records: count,
      repeated: count,
      total: Type.Union([count, Type.Null()]),
      isLast: Type.Boolean()
    })
  ),
  timings: Type.Array(
    exact({
      part: Type.Union([
        Type.Literal('document'),
        Type.Literal('plan'),
        Type.Literal('wait'),
        Type.Literal('send'),
        Type.Literal('read'),
        Type.Literal('decode')
      ]),
      call: Type.Union([count, Type.Null()]),
      start: milliseconds,
      duration: milliseconds
    })
  ),
  objects: Type.Array(ResponseObject)
})
export type TryAnswer = Static<typeof TryAnswer>
