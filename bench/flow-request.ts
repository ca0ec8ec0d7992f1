import assert from 'node:assert/strict'

import { request } from 'undici'

import { isJsonArray, member, textMember } from '../service/base/json.ts'
import { JSON_HEADERS } from './throughput.ts'

/** Configuration values by their names, as a platform sends them. */
export type Configuration = { readonly [developerName: string]: string }

/** A successful answer of the connector. */
export type FlowAnswer = {
  /** JSON, which is read where its content counts. */
  readonly bytes: Buffer
  /** Milliseconds from before the request was sent until the last byte of the answer was there. */
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

/** The body of a load of a list of a type. */
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
 * What a load has given, in a form in which answers are equal when their objects are: without what the
 * connector makes up, which is the ids of nested objects.
 */
export function loadedObjects(answer: FlowAnswer): unknown[] {
  const objects = member(jsonOf(answer), 'objectData')
  assert.ok(isJsonArray(objects))
  return comparable(objects)
}

/** Objects in the same form. */
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
