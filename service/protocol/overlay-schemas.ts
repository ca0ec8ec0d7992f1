import Type, { type Static, type TProperties } from 'typebox'

import { base, exact, optional } from './schemas.ts'

const Patterns = Type.Array(Type.String({ maxLength: 1_000 }), { maxItems: 1_000 })

/** A question for types and mappings that a document could have. */
export const OverlayQuestion = Type.Object({
  ...base,
  only: optional(Patterns),
  exclude: optional(Patterns)
})
export type OverlayQuestion = Static<typeof OverlayQuestion>

const text = Type.String()
const orNull = <P extends TProperties>(members: P) => Type.Union([exact(members), Type.Null()])

const use = {
  method: text,
  path: text,
  tags: Type.Array(text),
  score: Type.Number({ minimum: 0, maximum: 1 }),
  reasons: Type.Array(text)
}
const idParam = Type.Union([text, Type.Null()])
const Write = orNull({ ...use, idParam })

/** What could be types, as `openapi-flow infer --json` writes it, and the text of the overlay that makes them. */
export const OverlayAnswer = exact({
  overlay: text,
  resources: Type.Array(
    exact({
      type: text,
      id: idParam,
      query: orNull({ ...use, records: text }),
      load: orNull({ ...use, idParam: text, record: text }),
      save: Write,
      update: Write,
      delete: Write,
      pagination: orNull({
        type: text,
        limitParam: idParam,
        positionParam: idParam,
        nextField: idParam
      })
    })
  ),
  skipped: Type.Array(
    exact({
      method: text,
      path: text,
      score: Type.Number({ minimum: 0, maximum: 1 }),
      reason: text
    })
  )
})
export type OverlayAnswer = Static<typeof OverlayAnswer>
