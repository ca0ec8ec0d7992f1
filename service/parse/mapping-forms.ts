import { anyCase } from '../base/any-case.ts'
import type { Static } from '../base/form.ts'
import { Type } from '../base/form.ts'
import { ALL_PATH_METHODS } from './path-methods.ts'

/** Sources by the names that they fill. */
export const Sources = Type.Record(Type.Unknown(), { definition: 'sources' })

/** A text that may be missing. */
export const optionalText = (description: string) => Type.Optional(Type.String({ description }))

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
  summary: optionalText(
    'A description for flow builders. Default: that of the schema, then its title.'
  )
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
    pageSizeParam: optionalText(
      'The parameter for the size of a page. Default: inferred from its name.'
    ),
    offsetParam: optionalText('The parameter for the offset. Default: `offset`.'),
    pageParam: optionalText('The parameter for the number of the page. Default: `page`.'),
    firstPage: Type.Optional(
      Type.Integer({
        description: 'The number of the first page. Default: that of the parameter, else 1.'
      })
    ),
    cursorParam: optionalText('The parameter for the cursor. Default: `cursor`.'),
    cursorField: optionalText(
      'Dotted path of the next cursor in an answer, or `header:NAME`. Default: `next_cursor`.'
    ),
    linkField: optionalText(
      'Dotted path of the URL of the next page in an answer. Default: `next`.'
    ),
    totalField: optionalText('Dotted path of the number of objects in the list.'),
    hasMoreField: optionalText('Dotted path of a flag that is true while there is more.'),
    pauseMs: Type.Optional(
      Type.Integer({ minimum: 0, default: 0, description: 'Milliseconds between two pages.' })
    )
  },
  { definition: 'pagination' }
)

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
        rules: [{ anyOf: [{ pattern: '^[A-Z]+$' }, { pattern: anyCase(ALL_PATH_METHODS) }] }],
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
    records: optionalText('Dotted path of the objects in an answer. Default: found by the schema.'),
    body: optionalText('Dotted path under which the object is wrapped in the request body.'),
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
            examples: optionalText('The name of the example. Default: the first one.')
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

/** `x-flow-load`, `x-flow-query`: one mapping, or several of which each request uses one. */
export const ReadExtension = Type.Union([
  MappingExtension,
  Type.Array(MappingExtension, { minItems: 1 })
])
