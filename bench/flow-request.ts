import assert from 'node:assert/strict'

import { request } from 'undici'

import { isJsonArray, member, textMember } from '../service/base/json.ts'
import { JSON_HEADERS } from './throughput.ts'

/** Configuration values by name. */
export type Configuration = { readonly [developerName: string]: string }

/** A successful answer of the connector. */
export type FlowAnswer = {
  /** JSON, parsed only where its content matters. */
  readonly bytes: Buffer
  /** Time from sending the request to the last byte of the answer (ms). */
  readonly milliseconds: number
}

/** The body of a request of the flow platform. */
export function flowBody(configuration: Configuration, rest: object = {}): string {
  const values = Object.entries(configuration)
  return JSON.stringify({
    ...rest,
    configurationValues: values.map(([developerName, contentValue]) => ({
      developerName,
      contentValue
    }))
  })
}

/** The body of a load of objects of a type. */
export function loadBody(configuration: Configuration, type: string, limit: number): string {
  const request = { objectDataType: { developerName: type }, listFilter: { limit } }
  return flowBody(configuration, request)
}

/**
 * Sends a request to the connector.
 *
 * @throws AssertionError for any status but 200.
 */
export async function askConnector(url: string, path: string, body: string): Promise<FlowAnswer> {
  const begun = performance.now()
  const response = await request(url + path, { method: 'POST', headers: JSON_HEADERS, body })
  const bytes = Buffer.from(await response.body.arrayBuffer())
  const milliseconds = performance.now() - begun
  assert.equal(
    response.statusCode,
    200,
    `${path} was answered by ${bytes.toString().slice(0, 500)}`
  )
  return { bytes, milliseconds }
}

/** Names of the types that a describe answer installs. */
export function installedTypes(answer: FlowAnswer): string[] {
  const types = member(member(jsonOf(answer), 'install'), 'typeElements')
  assert.ok(isJsonArray(types))
  return types.map(type => textMember(type, 'developerName') ?? '')
}

/**
 * The objects of a load in a form that can be compared: without the ids of nested objects, which the
 * connector generates.
 */
export function loadedObjects(answer: FlowAnswer): unknown[] {
  const objects = member(jsonOf(answer), 'objectData')
  assert.ok(isJsonArray(objects))
  return comparable(objects)
}

/** Converts objects to the form of `loadedObjects`. */
export function comparable(objects: readonly unknown[]): unknown[] {
  return objects.map(object => [
    textMember(object, 'externalId'),
    member(object, 'order'),
    contentOf(object)
  ])
}

function jsonOf({ bytes }: FlowAnswer): unknown {
  return JSON.parse(bytes.toString())
}

function contentOf(object: unknown): unknown {
  const properties = member(object, 'properties')
  assert.ok(isJsonArray(properties))
  const name = textMember(object, 'developerName')
  return [
    name,
    properties.map(property => {
      const { developerName, contentType, contentValue, objectData } = Object(property)
      const nested = isJsonArray(objectData) ? objectData.map(contentOf) : null
      return [developerName, contentType, contentValue, nested]
    })
  ]
}
