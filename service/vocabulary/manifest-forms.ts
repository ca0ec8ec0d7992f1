import { anyCase } from '../base/any-case.ts'
import type { Static } from '../base/form.ts'
import { Type } from '../base/form.ts'
import type { JsonObject } from '../base/json.ts'
import { FIELD_TYPES } from '../model/field-record.ts'
import { FILE_FORMATS, WRITE_MODES } from '../model/pipeline-output.ts'
import { conditional } from './conditional.ts'

/** Formats of other readers and writers, which such a file may have beside ours. */
export const OTHER_FORMATS =
  'avro bigquery csv database delta excel feather hive iceberg jdbc json jsonl kafka mongodb mysql ndjson orc parquet postgres postgresql redshift s3 snowflake sql sqlite text xml'.split(
    ' '
  )

/** The methods of inputs and of outputs, in any letter case. The first one is the usual. */
export const INPUT_METHODS = ['GET', 'POST'] as const
export const OUTPUT_METHODS = ['POST', 'PUT', 'PATCH'] as const

/**
 * A template: a variable or the date, then a default in quotes, in which a backslash precedes a quote of the same kind,
 * or a number or boolean.
 */
export const TEMPLATE =
  /\{\{\s*(?:env\.([A-Za-z_][A-Za-z0-9_]*)|(dt))\s*(?:\|\s*default\s*\(\s*(?:'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"|(-?\d+(?:\.\d+)?|true|false))\s*\)\s*)?\}\}/y

/** The rule that all templates of a text are evaluated. */
export const TEMPLATE_RULE = { pattern: `^(?:(?!\\{\\{)[\\s\\S]|${TEMPLATE.source})*$` }

/** A text, in which templates are read. */
const text = (description: string) => Type.String({ rules: [TEMPLATE_RULE], description })

const SCALAR = [Type.String({ rules: [TEMPLATE_RULE] }), Type.Number(), Type.Boolean()] as const

const literal = (description: string, ...words: readonly string[]) =>
  Type.Union(
    words.map(word => Type.Literal(word)),
    { description }
  )

/** A name that may be missing. */
const name = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))

/** What an object of a `type` must have. */
const ofType = (type: string, rule: JsonObject): JsonObject =>
  conditional({ properties: { type: { pattern: anyCase([type]) } }, required: ['type'] }, rule)

export const AuthForm = Type.Object(
  {
    type: literal('How the credential is sent.', 'bearer', 'api_key', 'basic'),
    token: Type.Optional(text('Of `bearer`: the token, such as `{{ env.API_TOKEN }}`.')),
    header: name('Of `api_key`: the header that takes the key.'),
    param: name('Of `api_key`: the parameter of the query that takes the key.'),
    key: Type.Optional(text('Of `api_key`: the key.')),
    username: Type.Optional(text('Of `basic`: the user name.')),
    password: Type.Optional(text('Of `basic`: the password. Default: blank.'))
  },
  {
    rules: [
      ofType('bearer', { required: ['token'] }),
      ofType('basic', { required: ['username'] }),
      ofType('api_key', {
        required: ['key'],
        oneOf: [{ required: ['header'] }, { required: ['param'] }]
      })
    ],
    description: 'The credential of the calls.'
  }
)
export type AuthForm = Static<typeof AuthForm>

export const PaginationForm = Type.Object(
  {
    type: literal(
      'How the next page is asked for; `none` means one request.',
      'offset',
      'cursor',
      'next_link',
      'none'
    ),
    page_size: Type.Optional(
      Type.Integer({ minimum: 1, default: 100, description: 'Records of one page.' })
    ),
    max_pages: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Most requests of one read. Default: none.' })
    ),
    offset_param: name('The parameter for the offset. Default: `offset`.'),
    limit_param: name('The parameter for the size of a page. Default: `limit`.'),
    cursor_param: name('The parameter for the cursor. Default: `cursor`.'),
    page_param: name(
      'With `offset`: the parameter for the number of a page, in place of an offset.'
    ),
    first_page: Type.Optional(
      Type.Integer({ minimum: 0, default: 1, description: 'The number of the first page.' })
    ),
    cursor_field: name('Dotted path of the next cursor in an answer.'),
    link_field: name('Dotted path of the URL of the next page in an answer.')
  },
  {
    rules: [
      ofType('offset', { not: { required: ['offset_param', 'page_param'] } }),
      ofType('cursor', { required: ['cursor_field'] }),
      ofType('next_link', { required: ['link_field'] })
    ],
    bare: ['offset', 'none'],
    description: 'How the list is paged. Default: exactly one request.'
  }
)
export type PaginationForm = Static<typeof PaginationForm>

export const RateLimitForm = Type.Object(
  {
    requests_per_second: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'Most calls in a second. Default: no limit.'
      })
    ),
    retry_on: Type.Optional(
      Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), {
        default: [429, 503],
        description: 'Statuses that are tried again.'
      })
    ),
    max_retries: Type.Optional(
      Type.Integer({ minimum: 0, default: 3, description: 'Most repeats of one call.' })
    )
  },
  { description: 'How often the endpoint may be called, and what is tried again.' }
)
export type RateLimitForm = Static<typeof RateLimitForm>

const SchemaForm = Type.Array(
  Type.Object({
    name: Type.String({ minLength: 1, maxLength: 250, description: 'The name of the field.' }),
    type: Type.String({
      words: FIELD_TYPES,
      foldsCase: true,
      description: 'The type of its values.'
    })
  }),
  {
    minItems: 1,
    description: 'The fields of the records. Default: for an input, those of its first page.'
  }
)
export type SchemaForm = Static<typeof SchemaForm>

export const PartitionForm = Type.Object(
  {
    by: Type.String({
      minLength: 1,
      description:
        'What parts differ in: a field of the records, `page`, or a variable such as `env.CUSTOMER_ID`.'
    }),
    from: name('The least value: a whole number, a date, or a date with time. Of `page`: 1.'),
    to: name('The value above the greatest. Of `page`: the number of the last page.'),
    count: Type.Integer({ minimum: 1, maximum: 10_000, description: 'How many parts there are.' }),
    from_param: name('The parameter of the query that takes the least value of a part.'),
    to_param: name('The parameter of the query that takes the value above the greatest of a part.'),
    ids: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 1_000 }), {
        minItems: 1,
        description: 'The values of the variable, for each of which there is a list.'
      })
    ),
    ids_file: name('The file that has the values of the variable, one a line.')
  },
  { description: 'How `openapi-flow run` cuts the list into parts that are read by themselves.' }
)
export type PartitionForm = Static<typeof PartitionForm>

const common = {
  format: Type.Optional(
    Type.String({ words: ['rest_api'], foldsCase: true, description: '`rest_api`: an endpoint.' })
  ),
  url: Type.String({
    minLength: 1,
    rules: [TEMPLATE_RULE, { pattern: '^(?:[hH][tT][tT][pP][sS]?://|\\{\\{)' }],
    description: 'The URL of the endpoint, http or https.'
  }),
  headers: Type.Optional(
    Type.Record(Type.Union([...SCALAR, Type.Null()]), { description: 'Headers of each call.' })
  ),
  params: Type.Optional(
    Type.Record(Type.Union([...SCALAR, Type.Null(), Type.Array(Type.Union(SCALAR))]), {
      description: 'Parameters of the query of each call.'
    })
  ),
  auth: Type.Optional(AuthForm),
  rate_limit: Type.Optional(RateLimitForm),
  schema: Type.Optional(SchemaForm)
}

const methodOf = (methods: readonly string[]) =>
  Type.Optional(
    Type.String({
      rules: [{ anyOf: [{ enum: methods }, { pattern: anyCase(methods) }] }],
      ...(methods[0] !== undefined && { default: methods[0] }),
      description: 'The method of the calls.'
    })
  )

/** An input of a manifest: a list that is read (docs/pipelines.md#inputs). */
export const InputForm = Type.Object(
  {
    ...common,
    method: methodOf(INPUT_METHODS),
    pagination: Type.Optional(PaginationForm),
    response: Type.Optional(
      Type.Object(
        {
          root_key: Type.Optional(
            Type.String({
              description:
                'Dotted path of the records in an answer. Default, also blank: the whole answer.'
            })
          )
        },
        { description: 'Where the records are.' }
      )
    ),
    incremental: Type.Optional(
      Type.Object(
        {
          field: Type.String({
            minLength: 1,
            description: 'The field whose greatest value is kept.'
          }),
          param: Type.String({
            minLength: 1,
            description: 'The parameter that takes it in the next read.'
          }),
          state: Type.String({ minLength: 1, description: 'The file that keeps it.' })
        },
        { description: 'Reads only what is new since the last complete read, on the command line.' }
      )
    ),
    partition: Type.Optional(PartitionForm)
  },
  { definition: 'input' }
)
export type InputForm = Static<typeof InputForm>

/** An output of a manifest: an endpoint that is written to (docs/pipelines.md#outputs). */
export const OutputForm = Type.Object(
  {
    ...common,
    method: methodOf(OUTPUT_METHODS),
    batch_size: Type.Optional(
      Type.Integer({ minimum: 1, default: 100, description: 'Most records of one request.' })
    ),
    input: name('Of `openapi-flow run`: the input whose rows it takes. Default: the only one.'),
    rejects: name('Of `openapi-flow run`: the file of the rows that were not written.'),
    concurrency: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 32,
        default: 4,
        description: 'Of `openapi-flow run`: most requests at once.'
      })
    )
  },
  { definition: 'output' }
)
export type OutputForm = Static<typeof OutputForm>

const any = (description: string) => Type.Optional(Type.Unknown({ description }))

/** An output of a manifest that `openapi-flow run` writes as a file or a table (docs/pipelines.md#file-outputs). */
export const FileOutputForm = Type.Object({
  format: literal('The format of the files.', ...FILE_FORMATS),
  path: Type.String({
    minLength: 1,
    description: 'The file; of `delta` the directory of the table.'
  }),
  mode: Type.Optional(
    literal('What becomes of the rows that are there. Default: `overwrite`.', ...WRITE_MODES)
  ),
  input: name('The input whose rows it takes. Default: the only one, or that of its name.'),
  schema: Type.Optional(SchemaForm)
})
export type FileOutputForm = Static<typeof FileOutputForm>

/** A manifest. What does not lead to its inputs and outputs is skipped. */
export const ManifestForm = Type.Object({
  MODEL: any('A name for people.'),
  VERSION: any('A version for people.'),
  NAME: any('The title of the connector. Default: `MODEL`.'),
  DESCRIPTION: any('A description for people.'),
  TAGS: any('Words for people.'),
  CONFIG: Type.Object(
    {
      inputs: any('Lists that are read, each under the name of its type.'),
      outputs: any('Endpoints that are written to, each under the name of its type.'),
      transform: any('Skipped: flows read and write the endpoints themselves.')
    },
    { description: 'What is read and written.' }
  )
})
