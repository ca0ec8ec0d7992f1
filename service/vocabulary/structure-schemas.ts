import type { JsonObject } from '../base/json.ts'
import type { ExtendedObject } from '../parse/extensions.ts'
import { objectRules } from '../parse/openapi-grammar.ts'
import type { ObjectName, Rule } from '../parse/structure-rules.ts'
import { object, map } from '../parse/structure-rules.ts'
import { keySchemas } from './key-schemas.ts'
import type { Definitions } from './json-schema.ts'
import { referTo } from './json-schema.ts'

/** Which objects of OpenAPI have keys, and of which kind. */
const KINDS: { readonly [name in ObjectName]?: ExtendedObject } = {
  document: 'document',
  pathItem: 'operation',
  operation: 'operation',
  parameter: 'parameter',
  schema: 'schema',
  securityScheme: 'security scheme'
}

/** The version of OpenAPI 3 whose objects have all members. */
const MINOR = 2

/** Keywords with schemas that the grammar leaves open. */
const SCHEMA = object('schema')
const FURTHER_KEYWORDS: { readonly [keyword: string]: Rule } = {
  definitions: map(SCHEMA),
  contentSchema: SCHEMA,
  additionalItems: SCHEMA
}

/** Members with operations that no mapping calls, so that keys of operations do not belong there. */
const HOOKS = new Set(['webhooks', 'callbacks'])

/** A map whose keys are not names, so that a key among them is out of place. */
const NO_NAMES = new Set(['paths'])

/** Members whose values are data. */
export const DATA = ['example', 'examples', 'default', 'enum', 'const']

/** Where a walk through the objects is: within a hook or not. */
type Place = { readonly isHook: boolean }

/**
 * Defines the objects of OpenAPI as far as they lead to objects with keys, and what is anywhere else, where no key
 * belongs. What OpenAPI itself asks of them is left to its own schemas.
 *
 * @returns The schema of a document.
 */
export function defineStructure(definitions: Definitions): JsonObject {
  const rules = objectRules(MINOR)
  const open: { readonly name: ObjectName; readonly place: Place }[] = []
  const refer = (name: ObjectName, place: Place): JsonObject => {
    const defined = definitionName(name, place)
    if (!Object.hasOwn(definitions, defined)) {
      definitions[defined] = {}
      open.push({ name, place })
    }
    return referTo(defined)
  }
  const schemaOf = (rule: Rule, place: Place): JsonObject | true => {
    switch (rule.is) {
      case 'list':
        return wrapped('items', schemaOf(rule.of, place))
      case 'map':
        return wrapped('additionalProperties', schemaOf(rule.of, place))
      case 'object':
        return refer(rule.of, place)
      case 'either': {
        const objects = rule.of.map(choice => schemaOf(choice, place))
        return objects.find(choice => choice !== true) ?? true
      }
      default:
        return true
    }
  }
  const root = refer('document', { isHook: false })
  for (const { name, place } of open) {
    const members = { ...rules[name].members, ...(name === 'schema' && FURTHER_KEYWORDS) }
    const properties = Object.entries(members).map(([key, rule]) => {
      if (DATA.includes(key)) return [key, true] as const
      const held = schemaOf(rule, { isHook: place.isHook || HOOKS.has(key) })
      const isNamed = !NO_NAMES.has(key) || held === true
      return [key, isNamed ? held : { ...held, ...keySchemas('none') }] as const
    })
    definitions[definitionName(name, place)] = objectSchema(
      kindOf(name, place),
      Object.fromEntries(properties)
    )
  }
  definitions.elsewhere = {
    items: referTo('elsewhere'),
    ...objectSchema('none', Object.fromEntries(DATA.map(key => [key, true])))
  }
  return root
}

function objectSchema(kind: ExtendedObject | 'none', members: JsonObject): JsonObject {
  const { properties, patternProperties } = keySchemas(kind)
  return {
    properties: { ...members, ...properties },
    patternProperties,
    additionalProperties: referTo('elsewhere')
  }
}

function kindOf(name: ObjectName, { isHook }: Place): ExtendedObject | 'none' {
  const kind = KINDS[name] ?? 'none'
  return isHook && kind === 'operation' ? 'none' : kind
}

/** Only operations differ by their place. */
function definitionName(name: ObjectName, { isHook }: Place): string {
  return isHook && KINDS[name] === 'operation' ? `${name}OfHook` : name
}

function wrapped(
  keyword: 'items' | 'additionalProperties',
  held: JsonObject | true
): JsonObject | true {
  return held === true ? true : { [keyword]: held }
}
