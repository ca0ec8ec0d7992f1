import type { ObjectRules, MembersFrom } from './structure-rules.ts'
import {
  ANY,
  TEXT,
  BOOLEAN,
  NUMBER,
  INTEGER,
  words,
  list,
  map,
  either,
  object,
  schemaRule
} from './structure-rules.ts'

const KINDS = ['array', 'boolean', 'integer', 'number', 'object', 'string']

/** The Schema Object of OpenAPI 3.0, 3.1 and 3.2 and what it has (OpenAPI 4.8.24). @param minor The second number of the version. */
export function schemaRules(minor: number): Pick<ObjectRules, 'schema' | 'discriminator' | 'xml'> {
  const schema = schemaRule(minor)
  const from: MembersFrom = (first, members) => (minor >= first ? members : {})
  return {
    discriminator: {
      name: '`discriminator`',
      members: { propertyName: TEXT, mapping: map(TEXT), ...from(2, { defaultMapping: TEXT }) },
      required: ['propertyName']
    },
    xml: {
      name: '`xml`',
      members: {
        name: TEXT,
        namespace: TEXT,
        prefix: TEXT,
        attribute: BOOLEAN,
        wrapped: BOOLEAN,
        ...from(2, { nodeType: words(['element', 'attribute', 'text', 'cdata', 'none']) })
      }
    },
    schema: {
      name: 'schema',
      members: {
        title: TEXT,
        description: TEXT,
        type:
          minor === 0
            ? words(KINDS)
            : either(words([...KINDS, 'null']), list(words([...KINDS, 'null']), 1)),
        format: TEXT,
        enum: list(ANY),
        default: ANY,
        multipleOf: NUMBER,
        maximum: NUMBER,
        minimum: NUMBER,
        exclusiveMaximum: minor === 0 ? BOOLEAN : NUMBER,
        exclusiveMinimum: minor === 0 ? BOOLEAN : NUMBER,
        maxLength: INTEGER,
        minLength: INTEGER,
        pattern: TEXT,
        maxItems: INTEGER,
        minItems: INTEGER,
        uniqueItems: BOOLEAN,
        maxProperties: INTEGER,
        minProperties: INTEGER,
        required: list(TEXT),
        properties: map(schema),
        additionalProperties: either(BOOLEAN, schema),
        items: schema,
        allOf: list(schema, 1),
        oneOf: list(schema, 1),
        anyOf: list(schema, 1),
        not: schema,
        readOnly: BOOLEAN,
        writeOnly: BOOLEAN,
        deprecated: BOOLEAN,
        discriminator: object('discriminator'),
        xml: object('xml'),
        externalDocs: object('externalDocs'),
        example: ANY,
        ...(minor === 0
          ? { nullable: BOOLEAN }
          : {
              $ref: TEXT,
              examples: list(ANY),
              $defs: map(schema),
              patternProperties: map(schema),
              dependentSchemas: map(schema),
              propertyNames: schema,
              contains: schema,
              prefixItems: list(schema, 1),
              unevaluatedItems: schema,
              unevaluatedProperties: schema,
              ...Object.fromEntries(['if', 'then', 'else'].map(key => [key, schema])),
              contentMediaType: TEXT,
              contentEncoding: TEXT
            })
      },
      // JSON Schema allows further keywords.
      ...(minor > 0 && { isOpen: true as const })
    }
  }
}
