import { anyCase, inAnyCase } from '../base/any-case.ts'
import type { JsonObject } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { VERBS } from '../model/mapping-record.ts'
import { conditional } from './conditional.ts'
import { defineKeys, keySchemas } from './key-schemas.ts'
import type { Definitions } from './json-schema.ts'
import { referTo, toJsonSchema } from './json-schema.ts'
import { InputForm, ManifestForm, OTHER_FORMATS, OutputForm } from './manifest-forms.ts'
import { spelledForm } from './spelled-form.ts'
import { DATA, defineStructure } from './structure-schemas.ts'

/** The mapping keys, which a schema may have only beside `x-flow-type`. */
const MAPPING_KEYS = VERBS.map(verb => `x-flow-${verb}`)

let made: string | undefined

/** The text of `editorSchema`, written once. */
export function editorSchemaText(): string {
  made ??= JSON.stringify(editorSchema(), null, 2)
  return made
}

/**
 * The JSON Schema of whatever may have `x-flow` keys (docs/editors.md#the-schema): OpenAPI documents, documents that
 * they refer to, overlays, and manifests. It knows the keys, and leaves what OpenAPI asks for to its own schemas.
 */
export function editorSchema(): JsonObject {
  const definitions: Definitions = {}
  defineKeys(definitions)
  const document = defineStructure(definitions)
  extend(definitions, 'schema', {
    dependencies: Object.fromEntries(MAPPING_KEYS.map(key => [key, ['x-flow-type']]))
  })
  extend(definitions, 'securityScheme', { allOf: LOGIN_RULES })
  extend(definitions, 'components', { properties: withMisplacedSchemes(definitions) })
  definitions.part = partSchema()
  definitions.overlay = overlaySchema()
  definitions.manifest = manifestSchema(definitions)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'x-flow',
    description:
      'OpenAPI documents with x-flow keys, documents that they refer to, overlays for them, and manifests.',
    type: ['object', 'array'],
    ...conditional(
      { required: ['openapi'] },
      document,
      conditional(
        { required: ['CONFIG'] },
        referTo('manifest'),
        conditional({ required: ['overlay'] }, referTo('overlay'), referTo('part'))
      )
    ),
    definitions
  }
}

function extend(definitions: Definitions, name: string, more: JsonObject): void {
  definitions[name] = { ...definitions[name], ...more }
}

/** Whether an object has a member at a dotted path. */
function hasMember(path: string): JsonObject {
  return path
    .split('.')
    .reduceRight<JsonObject>(
      (inner, name) => ({ required: [name], properties: { [name]: inner } }),
      {}
    )
}

const IDENTIFIES: JsonObject = {
  properties: { 'x-flow-identity': { anyOf: [hasMember('me'), hasMember('scope')] } }
}

const ifScheme = (type: string, rule: JsonObject | false): JsonObject =>
  conditional(
    {
      properties: { type: { const: type } },
      required: ['type', 'x-flow-identity'],
      // Without `me` and `scope` it says how the connector requests tokens of its own.
      not: { allOf: [hasMember('flows.clientCredentials'), { not: IDENTIFIES }] }
    },
    rule
  )

/** What a security scheme needs so that users can log in with it. */
const LOGIN_RULES: readonly JsonObject[] = [
  ifScheme('oauth2', {
    allOf: [
      hasMember('flows.authorizationCode.authorizationUrl'),
      hasMember('flows.authorizationCode.tokenUrl'),
      hasMember('x-flow-identity.me.userInfoUrl')
    ]
  }),
  ifScheme('openIdConnect', hasMember('openIdConnectUrl')),
  ifScheme('http', {
    allOf: [
      { properties: { scheme: { pattern: anyCase(['basic']) } }, required: ['scheme'] },
      {
        anyOf: [
          hasMember('x-flow-identity.me.defaultUrl'),
          hasMember('x-flow-identity.me.userInfoUrl')
        ]
      }
    ]
  }),
  ifScheme('apiKey', false),
  ifScheme('mutualTLS', false)
]

/** `securitySchemes` under `components.schemas` is read, too. */
function withMisplacedSchemes({ components }: Definitions): JsonObject {
  const known = components?.properties
  return {
    ...(isJsonObject(known) && known),
    schemas: {
      properties: {
        securitySchemes: {
          anyOf: [{ additionalProperties: referTo('securityScheme') }, referTo('schema')]
        }
      },
      additionalProperties: referTo('schema')
    }
  }
}

/** Any place of a document that another refers to, which may have any key. */
function partSchema(): JsonObject {
  const { properties, patternProperties } = keySchemas('any')
  const data = Object.fromEntries(DATA.map(key => [key, true]))
  return {
    items: referTo('part'),
    properties: { ...data, ...properties },
    patternProperties,
    additionalProperties: referTo('part')
  }
}

/** What the actions of an overlay add may have any key. */
function overlaySchema(): JsonObject {
  return { properties: { actions: { items: { properties: { update: referTo('part') } } } } }
}

const REST_API: JsonObject = { pattern: `^\\s*${inAnyCase('rest_api')}\\s*$` }

/** A manifest, whose parts of other formats are skipped. */
function manifestSchema(definitions: Definitions): JsonObject {
  const partsOf = (form: typeof InputForm | typeof OutputForm): JsonObject => ({
    type: ['object', 'null'],
    additionalProperties: {
      type: 'object',
      ...conditional(
        { properties: { format: { not: REST_API } }, required: ['format'] },
        { properties: { format: { pattern: anyCase(OTHER_FORMATS) } } },
        toJsonSchema(spelledForm(form), definitions)
      )
    }
  })
  const manifest = toJsonSchema(ManifestForm, definitions)
  const parts = { properties: { inputs: partsOf(InputForm), outputs: partsOf(OutputForm) } }
  const some: JsonObject = { anyOf: [hasMember('inputs'), hasMember('outputs')] }
  return { ...manifest, allOf: [{ properties: { CONFIG: { allOf: [parts, some] } } }] }
}
