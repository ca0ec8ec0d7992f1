import Type, { type Static } from 'typebox'

import { VERBS } from '../model/mapping-record.ts'
import { MappingOrigin, base, exact, oneOf, textOrNull } from './schemas.ts'

const text = Type.String()
const flag = Type.Boolean()

/** A question for one type of a document. */
export const TypeQuestion = Type.Object({ ...base, type: Type.String({ maxLength: 1_000 }) })
export type TypeQuestion = Static<typeof TypeQuestion>

/** A type with the JSON of its values, its id, and what fills the parameters of its mappings. */
export const TypeAnswer = exact({
  name: text,
  form: Type.Union([Type.Literal('object'), Type.Literal('item'), Type.Literal('entry')]),
  id: exact({ all: flag, paths: Type.Array(text) }),
  properties: Type.Array(
    exact({
      name: text,
      content: text,
      key: textOrNull,
      kind: text,
      type: textOrNull,
      custom: flag,
      readOnly: flag,
      writeOnly: flag,
      nullable: flag,
      required: flag
    })
  ),
  mappings: Type.Array(
    exact({
      key: text,
      verb: oneOf(VERBS),
      method: text,
      path: text,
      origin: MappingOrigin,
      parameters: Type.Array(
        exact({ in: text, name: text, required: flag, sources: Type.Array(text) })
      ),
      records: textOrNull,
      paging: textOrNull,
      batchSize: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
      isExample: flag
    })
  )
})
export type TypeAnswer = Static<typeof TypeAnswer>

const place = {
  file: text,
  line: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  column: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()])
}

/** A question for the texts of a document. */
export const TextsQuestion = Type.Object(base)
export type TextsQuestion = Static<typeof TextsQuestion>

/** The texts of a document, its own first, and where its types and mappings stand in them; or why it cannot be used. */
export const TextsAnswer = exact({
  texts: Type.Array(exact({ file: text, text })),
  types: Type.Array(exact({ name: text, ...place })),
  mappings: Type.Array(exact({ key: text, ...place })),
  problem: Type.Union([exact({ code: text, message: text, remedy: text, ...place }), Type.Null()])
})
export type TextsAnswer = Static<typeof TextsAnswer>
