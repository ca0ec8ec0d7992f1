import type { TSchema } from 'typebox'

import { dictionary, isJsonArray, isJsonObject } from '../base/json.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import {
  AuthenticationRequest,
  AuthenticationResponse,
  AuthorizationRequest,
  DescribeServiceRequest,
  DescribeServiceResponse,
  DiffRequest,
  DiffResponse,
  InstallResponse,
  ObjectDataRequest,
  ObjectDataResponse,
  PreviewResponse,
  Problem,
  RequestFilterGroup,
  RequestObject,
  ResponseObject,
  ServiceDescription,
  TypeElement
} from './schemas.ts'

/** A route of the service. */
export type RouteDescription = {
  /** In lower case. */
  readonly method: string
  /** Without `BASE_PATH`; a final `*` is any path. */
  readonly path: string
  readonly summary: string
  /** The schema of a JSON body; null for none. */
  readonly body: TSchema | null
  /** The body is a text of any media type. */
  readonly takesText: boolean
  /** The schema of a JSON answer; null for another answer or none. */
  readonly answer: TSchema | null
  readonly produces: string | null
  /** Served without the connector's credentials. */
  readonly isPublic: boolean
  readonly isFlow: boolean
}

/** The schemas that the description names. */
const NAMED = new Map<unknown, string>(
  Object.entries({
    AuthenticationRequest,
    AuthenticationResponse,
    AuthorizationRequest,
    DescribeServiceRequest,
    DescribeServiceResponse,
    DiffRequest,
    DiffResponse,
    InstallResponse,
    ObjectDataRequest,
    ObjectDataResponse,
    PreviewResponse,
    Problem,
    RequestFilterGroup,
    RequestObject,
    ResponseObject,
    ServiceDescription,
    TypeElement
  }).map(([name, schema]) => [schema, name])
)

/** Components that are being made, by name. */
type Components = Record<string, JsonValue>

/**
 * Describes the service itself as an OpenAPI 3.1 document.
 *
 * @param version Of the service.
 */
export function describeService(routes: readonly RouteDescription[], version: string): JsonObject {
  const schemas: Components = dictionary()
  const paths = dictionary<JsonObject>()
  for (const route of routes) {
    const path = route.path.replace(/\*$/, '{path}')
    paths[path] = { ...paths[path], [route.method]: operationOf(route, path, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'openapi-flow-connector',
      version,
      description:
        'Makes any API a set of flow types: an OpenAPI document with x-flow keys becomes a connector of a flow platform.'
    },
    servers: [{ url: '.', description: 'The connector that this description was read from.' }],
    security: [{}, { basic: [] }],
    paths,
    components: {
      securitySchemes: {
        basic: {
          type: 'http',
          scheme: 'basic',
          description:
            "The connector's own credentials, if it has any; a path token takes their place."
        }
      },
      schemas
    }
  }
}

function operationOf(route: RouteDescription, path: string, schemas: Components): JsonObject {
  const { method, summary, body, takesText, isPublic } = route
  const problem = jsonContent(schemaOf(Problem, schemas, EMPTY))
  return {
    operationId: [method, ...path.split(/[^A-Za-z0-9]+/).filter(word => word !== '')].join('-'),
    summary,
    ...(path.endsWith('{path}') && {
      parameters: [{ name: 'path', in: 'path', required: true, schema: { type: 'string' } }]
    }),
    ...(isPublic && { security: [] }),
    ...(body !== null && { requestBody: { content: jsonContent(schemaOf(body, schemas, EMPTY)) } }),
    ...(takesText && { requestBody: { required: true, content: { '*/*': {} } } }),
    responses: {
      '200': { description: 'The answer.', ...contentOf(route, schemas) },
      default: {
        description: 'A problem: why the request failed, and what to do.',
        content: problem
      }
    }
  }
}

function contentOf({ answer, produces }: RouteDescription, schemas: Components): JsonObject {
  if (produces === null) return {}
  return {
    content: answer === null ? { [produces]: {} } : jsonContent(schemaOf(answer, schemas, EMPTY))
  }
}

function jsonContent(schema: JsonValue): JsonObject {
  return { 'application/json': { schema } }
}

/** The component of each definition that is in scope. */
type Scope = ReadonlyMap<string, string>

const EMPTY: Scope = new Map()

/** A schema with its references and definitions as an OpenAPI document has them. */
function schemaOf(schema: unknown, schemas: Components, scope: Scope): JsonValue {
  const name = NAMED.get(schema)
  if (name === undefined) return partOf(schema, schemas, scope, null)
  if (!Object.hasOwn(schemas, name)) {
    // A schema may hold itself.
    schemas[name] = {}
    schemas[name] = partOf(schema, schemas, scope, name)
  }
  return referTo(name)
}

/** @param name The component that the value becomes; null for a part of one. */
function partOf(value: unknown, schemas: Components, scope: Scope, name: string | null): JsonValue {
  if (isJsonArray(value)) return value.map(item => schemaOf(item, schemas, scope))
  if (!isJsonObject(value)) return isScalar(value) ? value : null
  const { $defs, $ref } = value
  if (isJsonObject($defs)) return definedIn($defs, $ref, schemas, name)
  const known = typeof $ref === 'string' ? scope.get($ref) : undefined
  if (known !== undefined) return referTo(known)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([keyword]) => keyword !== '$id')
      .map(([keyword, held]) => [keyword, schemaOf(held, schemas, scope)])
  )
}

/** The definition that a schema with definitions refers to; the others become components of their own. */
function definedIn(
  definitions: JsonObject,
  main: JsonValue | undefined,
  schemas: Components,
  name: string | null
): JsonValue {
  const names = Object.keys(definitions)
  const scope = new Map(names.map(each => [each, each === main && name !== null ? name : each]))
  for (const [each, definition] of Object.entries(definitions)) {
    const component = scope.get(each) ?? each
    if (component !== name) schemas[component] ??= partOf(definition, schemas, scope, component)
  }
  const held = typeof main === 'string' ? definitions[main] : undefined
  return name === null && typeof main === 'string'
    ? referTo(main)
    : partOf(held, schemas, scope, name)
}

function referTo(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}
