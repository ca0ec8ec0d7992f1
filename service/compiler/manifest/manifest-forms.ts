import type { Static } from '../../base/form.ts'
import { Type } from '../../base/form.ts'

/** A text, in which templates are read. */
const Text = Type.String()

const SCALAR = [Type.String(), Type.Number(), Type.Boolean()] as const

const literal = (...words: readonly string[]) => Type.Union(words.map(word => Type.Literal(word)))

export const AuthForm = Type.Object({
  type: literal('bearer', 'api_key', 'basic'),
  /** Of `bearer`. */
  token: Type.Optional(Text),
  /** Of `api_key`: the name of the header or of the parameter of the query, and the key. */
  header: Type.Optional(Type.String({ minLength: 1 })),
  param: Type.Optional(Type.String({ minLength: 1 })),
  key: Type.Optional(Text),
  /** Of `basic`. */
  username: Type.Optional(Text),
  password: Type.Optional(Text)
})
export type AuthForm = Static<typeof AuthForm>

export const PaginationForm = Type.Object({
  type: literal('offset', 'cursor', 'next_link', 'none'),
  /** Default 100. */
  page_size: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Most requests of one read. Default: none. */
  max_pages: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Names of parameters. Default `offset`, `limit`, `cursor`. */
  offset_param: Type.Optional(Type.String({ minLength: 1 })),
  limit_param: Type.Optional(Type.String({ minLength: 1 })),
  cursor_param: Type.Optional(Type.String({ minLength: 1 })),
  /** `offset` by the number of a page, in this parameter. */
  page_param: Type.Optional(Type.String({ minLength: 1 })),
  /** Number of the first page. Default 1. */
  first_page: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Dotted paths of the next cursor and of the next URL in an answer. */
  cursor_field: Type.Optional(Type.String({ minLength: 1 })),
  link_field: Type.Optional(Type.String({ minLength: 1 }))
})
export type PaginationForm = Static<typeof PaginationForm>

export const RateLimitForm = Type.Object({
  /** Default: no limit. */
  requests_per_second: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  /** Statuses that are tried again. Default 429 and 503. */
  retry_on: Type.Optional(Type.Array(Type.Integer({ minimum: 100, maximum: 599 }))),
  /** Default 3. */
  max_retries: Type.Optional(Type.Integer({ minimum: 0 }))
})
export type RateLimitForm = Static<typeof RateLimitForm>

const SchemaForm = Type.Array(
  Type.Object({
    name: Type.String({ minLength: 1, maxLength: 250 }),
    /** One of `FIELD_TYPES`. */
    type: Type.String()
  }),
  { minItems: 1 }
)
export type SchemaForm = Static<typeof SchemaForm>

const common = {
  format: Type.Optional(Type.String()),
  url: Type.String({ minLength: 1 }),
  headers: Type.Optional(Type.Record(Type.Union([...SCALAR, Type.Null()]))),
  params: Type.Optional(
    Type.Record(Type.Union([...SCALAR, Type.Null(), Type.Array(Type.Union(SCALAR))]))
  ),
  auth: Type.Optional(AuthForm),
  rate_limit: Type.Optional(RateLimitForm),
  schema: Type.Optional(SchemaForm)
}

/** An input of a manifest: a list that is read (docs/pipelines.md#inputs). */
export const InputForm = Type.Object({
  ...common,
  /** GET (default) or POST, in any letter case. */
  method: Type.Optional(Type.String()),
  pagination: Type.Optional(PaginationForm),
  response: Type.Optional(
    Type.Object({
      /** Dotted path of the records in an answer. Default, also blank: the whole answer. */
      root_key: Type.Optional(Type.String())
    })
  ),
  incremental: Type.Optional(
    Type.Object({
      /** The field whose greatest value is kept. */
      field: Type.String({ minLength: 1 }),
      /** The parameter that takes it in the next read. */
      param: Type.String({ minLength: 1 }),
      /** The file that keeps it. */
      state: Type.String({ minLength: 1 })
    })
  )
})
export type InputForm = Static<typeof InputForm>

/** An output of a manifest: an endpoint that is written to (docs/pipelines.md#outputs). */
export const OutputForm = Type.Object({
  ...common,
  /** POST (default), PUT or PATCH, in any letter case. */
  method: Type.Optional(Type.String()),
  /** Records of one request. Default 100. */
  batch_size: Type.Optional(Type.Integer({ minimum: 1 }))
})
export type OutputForm = Static<typeof OutputForm>

const Any = Type.Optional(Type.Unknown())

/** A manifest. What does not lead to its inputs and outputs is skipped. */
export const ManifestForm = Type.Object({
  MODEL: Any,
  VERSION: Any,
  NAME: Any,
  DESCRIPTION: Any,
  TAGS: Any,
  CONFIG: Type.Object({ inputs: Any, outputs: Any, transform: Any })
})
