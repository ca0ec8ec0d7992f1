import { createHash } from 'node:crypto'

import type { JsonArray, JsonObject } from '../../base/json.ts'
import { canonicalJson } from '../../base/json.ts'
import type {
  CatalogCollection,
  CatalogEndpoint,
  CatalogField,
  CatalogSchema
} from '../../model/catalog.ts'
import {
  cleanName,
  fieldNameFault,
  fullName,
  fullNameFault,
  nameFault
} from '../server/entity-names.ts'

/** A collection or endpoint as a server is told of it. */
export type EntityRequest = {
  /** As the document has it. */
  readonly name: string
  /** Fully qualified. */
  readonly fullName: string
  /** Without its hash. */
  readonly body: JsonObject
  /** Stays the same while the source says the same. */
  readonly sourceHash: string
  /** Why the server would refuse it; null if it takes it. */
  readonly fault: string | null
  /** What of it a server cannot be told. */
  readonly warnings: readonly string[]
}

/** Characters of a name that a warning shows. */
const NAME_SHOWN = 40

/** The methods that a server knows. */
const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'CONNECT',
  'OPTIONS',
  'TRACE'
])

/** The request for a collection of a service. */
export function collectionRequest(
  service: string,
  { name, displayName, description, url }: CatalogCollection
): EntityRequest {
  const body = {
    name,
    service: fullName(service),
    displayName,
    ...textOf('description', description),
    endpointURL: url
  }
  return entityRequest(name, fullName(service, name), body, nameFault(name), [])
}

/** The request for an endpoint of a service. Its collection has to be there. */
export function endpointRequest(service: string, endpoint: CatalogEndpoint): EntityRequest {
  const { collection, method, request, response } = endpoint
  const name = cleanName(endpoint.name)
  const warnings: string[] = []
  if (!METHODS.has(method)) warnings.push(`the server knows no method ${method}`)
  const body = {
    name,
    apiCollection: fullName(service, collection),
    displayName: endpoint.displayName,
    ...textOf('description', endpoint.description),
    endpointURL: endpoint.url,
    ...(METHODS.has(method) && { requestMethod: method }),
    ...schemaOf('requestSchema', request, warnings),
    ...schemaOf('responseSchema', response, warnings)
  }
  const full = fullName(service, collection, name)
  return entityRequest(endpoint.name, full, body, nameFault(name), warnings)
}

function entityRequest(
  name: string,
  full: string,
  body: JsonObject,
  fault: string | null,
  warnings: readonly string[]
): EntityRequest {
  const sourceHash = createHash('md5').update(canonicalJson(body)).digest('hex')
  return { name, fullName: full, body, sourceHash, fault: fault ?? fullNameFault(full), warnings }
}

/** A blank text is none, as servers take it for one that somebody may have written. */
function textOf(key: string, text: string | null): JsonObject {
  return text === null || text.trim() === '' ? {} : { [key]: text }
}

function schemaOf(key: string, schema: CatalogSchema | null, warnings: string[]): JsonObject {
  if (schema === null) return {}
  return { [key]: { schemaType: 'JSON', schemaFields: fieldsOf(schema.fields, warnings) } }
}

/** The fields that a server takes. A name that it would refuse is told and left out. */
function fieldsOf(fields: readonly CatalogField[], warnings: string[]): JsonArray {
  const names = new Set<string>()
  return fields.flatMap((field): JsonObject[] => {
    const name = cleanName(field.name)
    const fault = fieldNameFault(name) ?? (names.has(name) ? 'another one has its name' : null)
    if (fault !== null) {
      warnings.push(`the field "${name.slice(0, NAME_SHOWN)}" is left out: ${fault}`)
      return []
    }
    names.add(name)
    const { dataType, dataTypeDisplay, description, children = [] } = field
    return [
      {
        name,
        dataType,
        dataTypeDisplay,
        ...textOf('description', description ?? null),
        ...(children.length > 0 && { children: fieldsOf(children, warnings) })
      }
    ]
  })
}
