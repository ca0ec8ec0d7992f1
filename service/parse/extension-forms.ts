import { Type } from '../base/form.ts'
import { INFERENCES } from './inferences.ts'
import { MappingExtension, optionalText, Sources } from './mapping-forms.ts'

/** `x-flow-identity`: how a flow user logs in. */
export const IdentityExtension = Type.Object({
  me: Type.Optional(
    Type.Object(
      {
        userInfoUrl: optionalText(
          'Called with the credential of the user; its answer describes them.'
        ),
        defaultUrl: optionalText(
          'For passwords: called with them; a 2xx means that the user is logged in. Only the user name is known then.'
        ),
        firstName: optionalText('Dotted path of the first name in the answer.'),
        lastName: optionalText('Dotted path of the last name in the answer.'),
        email: optionalText('Dotted path of the e-mail address in the answer.'),
        username: optionalText('Dotted path of the user name in the answer.'),
        userId: optionalText('Dotted path of the id in the answer.'),
        groups: optionalText('Dotted path of the groups in the answer.')
      },
      { description: 'Where the user is described.' }
    )
  ),
  scope: optionalText('Scopes to ask for. Default: all that the document names for the scheme.'),
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
  remainingHeader: optionalText('The header of an answer with the number of calls that are left.'),
  resetHeader: optionalText('The header of an answer with the time at which calls are free again.')
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
    name: optionalText('The name of the action. Default: the summary, then the `operationId`.'),
    summary: optionalText('A description for flow builders.')
  })
])

/** `x-flow-values`: where the allowed values come from. */
export const ValuesExtension = Type.Object({
  operation: Type.String({ description: 'The `operationId` of the operation with the values.' }),
  parameters: Type.Optional({ ...Sources, description: 'What fills its parameters.' }),
  items: optionalText('Dotted path of the values in its answer.'),
  value: optionalText('Dotted path of the value in each of them.'),
  title: optionalText('Dotted path of the title in each of them.')
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
      words: INFERENCES,
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
