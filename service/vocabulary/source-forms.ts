import { anyCase } from '../base/any-case.ts'
import type { Form } from '../base/form.ts'
import { Type } from '../base/form.ts'
import { CRITERIA, LIST_WORDS, USER_FIELDS } from '../model/mapping-record.ts'

/** `encode` of a source: how often a value in an address is percent-encoded. */
export const ENCODINGS = ['single', 'double'] as const

/** Fields of the user are known; variables and properties may have any name. */
const WORD_PATTERN = `^(?!\\$[uU][sS][eE][rR]\\.)|${anyCase(USER_FIELDS.map(name => `$User.${name}`))}`

const WORDS = `\`id\` or \`externalId\`, on loads ${LIST_WORDS.map(word => `\`${word}\``).join(', ')}, \`$User.UserID\` and other fields of the user, \`$Var.NAME\`, or a property of the type.`

const word = (description: string): Form<string> =>
  Type.String({ rules: [{ pattern: WORD_PATTERN }], description })

/** A source that is no word (docs/x-flow.md#parameters). */
export const SourceObject = Type.Object(
  {
    from: Type.Optional(word(`The source: ${WORDS}`)),
    default: Type.Optional(
      Type.Unknown({ description: 'A constant; beside `from`, sent where that yields nothing.' })
    ),
    ascending: Type.Optional(
      Type.String({ description: 'With `from: orderBy`: an ascending order, such as `{name}`.' })
    ),
    descending: Type.Optional(
      Type.String({ description: 'With `from: orderBy`: a descending order, such as `-{name}`.' })
    ),
    encode: Type.Optional(
      Type.Union(
        ENCODINGS.map(encoding => Type.Literal(encoding)),
        {
          default: 'single',
          description: 'How often the value is percent-encoded, for servers that decode twice.'
        }
      )
    )
  },
  { rules: [{ anyOf: [{ required: ['from'] }, { required: ['default'] }] }] }
)

/** What fills a parameter or a header. */
export const SourceForm = Type.Union([word(WORDS), SourceObject], { definition: 'source' })

const ConditionTarget = Type.Union([
  Type.String({ description: 'The parameter that takes the condition.' }),
  Type.Object({
    parameter: Type.String({ description: 'The parameter that takes the condition.' }),
    any: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Whether several values that are joined by OR go as one array.'
      })
    )
  })
])

/** `parameters.where`: which conditions the API takes (docs/x-flow.md#filters-order-and-search). */
const WhereForm = Type.Record(
  Type.Union([
    Type.String({ description: 'The parameter for an equality of this property.' }),
    Type.Record(ConditionTarget, {
      rules: [{ propertyNames: { anyOf: [{ enum: CRITERIA }, { pattern: anyCase(CRITERIA) }] } }],
      description: 'Parameters by the criterion that they are for.'
    })
  ])
)

/** The forms that other forms name but do not spell out. */
export const SOURCE_FORMS: readonly Form[] = [
  { ...Type.Record(SourceForm), definition: 'sources' },
  {
    ...Type.Record(SourceForm),
    properties: {
      where: Type.Union([WhereForm, SourceForm], {
        description: 'The conditions that the API takes: a property of the type, and the parameter.'
      })
    },
    definition: 'parameters'
  }
]
