import { anyCase } from '../base/any-case.ts'
import type { Form, Members, Static } from '../base/form.ts'
import { Type } from '../base/form.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { fits, violations } from '../base/violations.ts'

/** Sources by the names that they fill. */
const Sources = Type.Record(Type.Unknown(), { definition: 'sources' })

/** A text that may be missing. */
const text = (description: string) => Type.Optional(Type.String({ description }))

/** The kinds of custom properties. */
export const CUSTOM_KINDS = [
  'string',
  'number',
  'integer',
  'boolean',
  'date',
  'date-time',
  'password',
  'object',
  'array'
] as const

/** `x-flow-type`: the schema is a flow type. */
export const TypeExtension = Type.Object({
  name: Type.String({
    minLength: 1,
    maxLength: 250,
    description: 'The name of the type in the flow platform, unique without regard to case.'
  }),
  customProperties: Type.Optional(
    Type.Record(Type.String({ words: CUSTOM_KINDS }), {
      description:
        'Fields that are not in the schema, by name, each with its kind. They can fill parameters and are never sent in a body.'
    })
  ),
  id: Type.Optional(
    Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })], {
      description:
        'Dotted path of the property that identifies an object; a list makes a composite key. Default: a property such as `id`.'
    })
  ),
  summary: text('A description for flow builders. Default: that of the schema, then its title.')
})
export type TypeExtension = Static<typeof TypeExtension>

/** `x-flow-pagination`: how an endpoint pages. */
export const PaginationExtension = Type.Object(
  {
    type: Type.Optional(
      Type.Union(
        ['offset', 'page', 'cursor', 'next_link', 'link_header', 'none'].map(kind =>
          Type.Literal(kind)
        ),
        {
          description:
            'How the next page is asked for; `none` means exactly one request. Default: `next_link` with `linkField`, else `offset`.'
        }
      )
    ),
    pageSize: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Most objects in one page of the API.' })
    ),
    maxPages: Type.Optional(
      Type.Integer({ minimum: 1, default: 100, description: 'Most requests for one load.' })
    ),
    pageSizeParam: text('The parameter for the size of a page. Default: inferred from its name.'),
    offsetParam: text('The parameter for the offset. Default: `offset`.'),
    pageParam: text('The parameter for the number of the page. Default: `page`.'),
    firstPage: Type.Optional(
      Type.Integer({
        description: 'The number of the first page. Default: that of the parameter, else 1.'
      })
    ),
    cursorParam: text('The parameter for the cursor. Default: `cursor`.'),
    cursorField: text(
      'Dotted path of the next cursor in an answer, or `header:NAME`. Default: `next_cursor`.'
    ),
    linkField: text('Dotted path of the URL of the next page in an answer. Default: `next`.'),
    totalField: text('Dotted path of the number of objects in the list.'),
    hasMoreField: text('Dotted path of a flag that is true while there is more.'),
    pauseMs: Type.Optional(
      Type.Integer({ minimum: 0, default: 0, description: 'Milliseconds between two pages.' })
    )
  },
  { definition: 'pagination' }
)

/** The methods that a path item has members for. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

/** `x-flow-load`, `-query`, `-save`, `-update`, `-delete`: the endpoint to call. */
export const MappingExtension = Type.Object(
  {
    path: Type.String({
      minLength: 1,
      rules: [{ pattern: '^/' }],
      description: 'The endpoint: a key of `paths`.'
    }),
    operation: Type.Optional(
      Type.String({
        rules: [{ anyOf: [{ pattern: '^[A-Z]+$' }, { pattern: anyCase(METHODS) }] }],
        description:
          'The method, in any letter case. Default: get for load and query, post for save, put for update, delete for delete.'
      })
    ),
    parameters: Type.Optional({
      ...Sources,
      definition: 'parameters',
      description:
        'What fills the parameters of the endpoint, by their names; `where` maps conditions on properties to parameters.'
    }),
    exclude: Type.Optional(
      Type.Record(Type.Boolean(), { description: 'Properties that are left out of the body.' })
    ),
    records: text('Dotted path of the objects in an answer. Default: found by the schema.'),
    body: text('Dotted path under which the object is wrapped in the request body.'),
    headers: Type.Optional({
      ...Sources,
      description: 'Request headers, with sources like those of parameters.'
    }),
    batch: Type.Optional(
      Type.Object(
        { size: Type.Integer({ minimum: 1, description: 'Most objects in one request.' }) },
        { description: 'Sends several new objects in one request, as a JSON array.' }
      )
    ),
    blank: Type.Optional(
      Type.Union([Type.Literal('keep'), Type.Literal('clear')], {
        description:
          'What an update does with blank properties: leave them out, or clear them. Default: as the flow has seen them.'
      })
    ),
    merge: Type.Optional(
      Type.Boolean({
        description:
          'Whether an update reads the object by `x-flow-load` first, and sends the whole. Default: where the flow has not seen all that a PUT replaces.'
      })
    ),
    example: Type.Optional(
      Type.Union(
        [
          Type.Boolean(),
          Type.Object({
            response: Type.Optional(
              Type.Union([Type.String(), Type.Integer()], {
                description: 'The declared status whose example is used. Default: the first 2xx.'
              })
            ),
            examples: text('The name of the example. Default: the first one.')
          })
        ],
        { default: false, description: 'Answers from an example of the document; no call is made.' }
      )
    ),
    pagination: Type.Optional({
      ...PaginationExtension,
      description: 'How the list is paged. Default: as the operation says, else inferred.'
    })
  },
  { definition: 'mapping' }
)
export type MappingExtension = Static<typeof MappingExtension>

/** The keys of mappings that members of theirs are for; others may be in any. */
export const MEMBER_KEYS: { readonly [member: string]: readonly string[] } = {
  batch: ['x-flow-save'],
  blank: ['x-flow-update'],
  merge: ['x-flow-update']
}

/** `x-flow-identity`: how a flow user logs in. */
export const IdentityExtension = Type.Object({
  me: Type.Optional(
    Type.Object(
      {
        userInfoUrl: text('Called with the credential of the user; its answer describes them.'),
        defaultUrl: text(
          'For passwords: called with them; a 2xx means that the user is logged in. Only the user name is known then.'
        ),
        firstName: text('Dotted path of the first name in the answer.'),
        lastName: text('Dotted path of the last name in the answer.'),
        email: text('Dotted path of the e-mail address in the answer.'),
        username: text('Dotted path of the user name in the answer.'),
        userId: text('Dotted path of the id in the answer.'),
        groups: text('Dotted path of the groups in the answer.')
      },
      { description: 'Where the user is described.' }
    )
  ),
  scope: text('Scopes to ask for. Default: all that the document names for the scheme.'),
  clientAuth: Type.Optional(
    Type.Union([Type.Literal('basic'), Type.Literal('post')], {
      description: 'How the client proves itself to the token endpoint. Default: found out.'
    })
  ),
  parameters: Type.Optional(
    Type.Record(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
      description: 'Further parameters of the authorization URL and of requests for tokens.'
    })
  )
})

/** The longest period of a quota: a leap year. */
const QUOTA_SECONDS_MAX = 366 * 24 * 60 * 60

/** `x-flow-rate-limit`: how often an endpoint may be called. */
export const RateLimitExtension = Type.Object({
  requestsPerSecond: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, description: 'Most calls in a second. Default: no limit.' })
  ),
  quotas: Type.Optional(
    Type.Array(
      Type.Object({
        calls: Type.Integer({ minimum: 1, description: 'Most calls in the period.' }),
        seconds: Type.Number({
          minimum: 1,
          maximum: QUOTA_SECONDS_MAX,
          description: 'The period in seconds.'
        })
      }),
      { description: 'Most calls in longer periods.' }
    )
  ),
  remainingHeader: text('The header of an answer with the number of calls that are left.'),
  resetHeader: text('The header of an answer with the time at which calls are free again.')
})

/** `x-flow-retry`: which statuses are retried. */
export const RetryExtension = Type.Object({
  on: Type.Optional(
    Type.Array(Type.Integer(), {
      default: [408, 429, 502, 503, 504],
      description:
        'Statuses after which a call is repeated. POST and PATCH are repeated only where the operation itself has this.'
    })
  ),
  max: Type.Optional(
    Type.Integer({ minimum: 0, default: 2, description: 'Most repeats of one call.' })
  ),
  ignore: Type.Optional(
    Type.Array(Type.Integer(), {
      default: [],
      description: 'Statuses that mean an empty load, or a delete that succeeded.'
    })
  )
})

/** `x-flow-failure`: how a 2xx answer says that the call was refused; false: it never does. */
export const FailureExtension = Type.Union([
  Type.Literal(false),
  Type.Object({
    flag: Type.String({
      minLength: 1,
      description: 'Dotted path of the member that says that the call was refused.'
    }),
    failed: Type.Optional(
      Type.Array(Type.Union([Type.Boolean(), Type.String(), Type.Number(), Type.Null()]), {
        minItems: 1,
        default: [false],
        description: 'Values of the flag that mean a refusal.'
      })
    ),
    message: Type.Optional(
      Type.String({ minLength: 1, description: "Dotted path of the API's words." })
    )
  })
])

/** `x-flow-action`: the operation is a message action. */
export const ActionExtension = Type.Union([
  Type.Boolean(),
  Type.Object({
    name: text('The name of the action. Default: the summary, then the `operationId`.'),
    summary: text('A description for flow builders.')
  })
])

/** `x-flow-values`: where the allowed values come from. */
export const ValuesExtension = Type.Object({
  operation: Type.String({ description: 'The `operationId` of the operation with the values.' }),
  parameters: Type.Optional({ ...Sources, description: 'What fills its parameters.' }),
  items: text('Dotted path of the values in its answer.'),
  value: text('Dotted path of the value in each of them.'),
  title: text('Dotted path of the title in each of them.')
})

/** `x-flow-file` at the root: serves `/file*`. */
export const FileExtension = Type.Object({
  list: Type.Optional(MappingExtension),
  upload: Type.Optional(MappingExtension),
  download: Type.Optional(MappingExtension),
  delete: Type.Optional(MappingExtension)
})

/** `x-flow` at the root: defaults of the document. */
export const RootExtension = Type.Object({
  inference: Type.Optional(
    Type.String({
      words: ['auto', 'on', 'off'],
      foldsCase: true,
      default: 'auto',
      description: 'Whether types and mappings are proposed where nothing is annotated.'
    })
  ),
  actions: Type.Optional(
    Type.String({
      words: ['none', 'annotated', 'all'],
      foldsCase: true,
      default: 'annotated',
      description: 'Which operations are message actions.'
    })
  ),
  serverVariables: Type.Optional(
    Type.Record(Type.String(), { description: 'Values of server variables.' })
  )
})

/** The kind of object that a key extends (docs/x-flow.md#where-the-keys-go). */
export type ExtendedObject = 'schema' | 'security scheme' | 'operation' | 'parameter' | 'document'

type ExtensionEntry = {
  readonly schema: Form
  /** What the key says, for editors. */
  readonly says: string
  /** Anchor of its section in docs/x-flow.md. */
  readonly section: string
  readonly extends: readonly ExtendedObject[]
}

const OPERATION_OR_DOCUMENT: readonly ExtendedObject[] = ['operation', 'document']

/** All x-flow keys, with the schemas of their values. */
export const extensions: { readonly [key: string]: ExtensionEntry } = {
  'x-flow-type': {
    schema: TypeExtension,
    says: 'This schema is a flow type.',
    section: 'x-flow-type',
    extends: ['schema']
  },
  'x-flow-load': {
    schema: MappingExtension,
    says: 'The endpoint that loads one object of the type by its id.',
    section: 'mappings',
    extends: ['schema']
  },
  'x-flow-query': {
    schema: MappingExtension,
    says: 'The endpoint that lists objects of the type.',
    section: 'mappings',
    extends: ['schema']
  },
  'x-flow-save': {
    schema: MappingExtension,
    says: 'The endpoint that creates an object of the type.',
    section: 'mappings',
    extends: ['schema']
  },
  'x-flow-update': {
    schema: MappingExtension,
    says: 'The endpoint that updates an object of the type.',
    section: 'mappings',
    extends: ['schema']
  },
  'x-flow-delete': {
    schema: MappingExtension,
    says: 'The endpoint that deletes an object of the type.',
    section: 'mappings',
    extends: ['schema']
  },
  'x-flow-identity': {
    schema: IdentityExtension,
    says: 'Users of flows can log in with this security scheme.',
    section: 'logins',
    extends: ['security scheme']
  },
  'x-flow-pagination': {
    schema: PaginationExtension,
    says: 'How lists are paged.',
    section: 'paging',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-rate-limit': {
    schema: RateLimitExtension,
    says: 'How often endpoints may be called.',
    section: 'conduct',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-retry': {
    schema: RetryExtension,
    says: 'Which failures are tried again.',
    section: 'conduct',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-failure': {
    schema: FailureExtension,
    says: 'How a 2xx answer says that the call was refused; false: it never does.',
    section: 'refusals-in-a-2xx',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-action': {
    schema: ActionExtension,
    says: 'The operation is a message action.',
    section: 'reserved-keys',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-values': {
    schema: ValuesExtension,
    says: 'Where the allowed values come from.',
    section: 'reserved-keys',
    extends: ['parameter', 'schema']
  },
  'x-flow-file': {
    schema: FileExtension,
    says: 'The endpoints for files.',
    section: 'reserved-keys',
    extends: ['document']
  },
  'x-flow': {
    schema: RootExtension,
    says: 'Defaults of the document.',
    section: 'reserved-keys',
    extends: ['document']
  }
}

/** A violation of the schema of a key. */
export type Misfit = {
  /** Member names from the value of the key to the violation. */
  readonly path: readonly string[]
  /** For people: `pagination.type must be one of offset, page`. */
  readonly reason: string
}

/** The first violation of a key's schema; undefined when the value is valid. */
export function misfit(schema: Form, value: JsonValue): Misfit | undefined {
  if (fits(schema, value)) return undefined
  // An object is told about the members of an object, not about the other forms of the key.
  const object = isJsonObject(value) ? objectForm(schema) : undefined
  if (object !== undefined && object !== schema) return misfit(object, value)
  const found = [...violations(schema, value)]
  const [first] = found
  if (first === undefined) return undefined
  const place = first.path.join('/')
  const here = found.filter(({ path }) => path.join('/') === place)
  const constants = here.flatMap(({ constant }) => (constant === undefined ? [] : [constant]))
  const types = here
    .flatMap(({ type }) => (type === undefined ? [] : [type]))
    .filter(type => !constants.some(constant => typeof constant === type))
  const rule =
    constants.length > 1
      ? `must be one of ${constants.join(', ')}`
      : types.length + constants.length > 1
        ? `must be ${[...constants, ...types].join(' or ')}`
        : first.message
  const { path } = first
  return { path, reason: `${path.length === 0 ? '' : `${path.join('.')} `}${rule}` }
}

/** The form of a key that is an object, where it may have others. */
function objectForm(schema: Form): Form | undefined {
  const { anyOf = [schema] } = schema
  return anyOf.find(({ properties }) => properties !== undefined)
}

/** The members that a schema declares for an object; null when any name is allowed. */
export function knownMembers(schema: Form): Members | null {
  return objectForm(schema)?.properties ?? null
}
