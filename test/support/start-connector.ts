import './untracked-promises.ts'

import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'

import type { RouteOptions } from 'fastify'

import { createApp } from '../../service/app.ts'
import type { JsonValue } from '../../service/base/json.ts'
import type { ConnectorLog, ConnectorParts } from '../../service/connector.ts'
import { createConnector } from '../../service/connector.ts'
import { USUAL_FETCH_TIMES } from '../../service/documents/fetch-document.ts'
import { readSampleFile } from '../../service/documents/sample-files.ts'
import type { FlowObject } from '../../service/objects/types.ts'
import type { ResponseObject } from '../../service/protocol/schemas.ts'
import {
  InstallResponse,
  ObjectDataResponse,
  PreviewResponse,
  Problem
} from '../../service/protocol/schemas.ts'
import { processLimits } from '../../service/plugins/shedding.ts'
import { readSettings } from '../../service/read-settings.ts'
import type { Lifetime } from './lifetime.ts'
import { endWith } from './lifetime.ts'
import { sharedCompiler } from './shared-compiler.ts'
import { sharedExampleProcess } from './shared-example-process.ts'
import { watchLoop } from './watch-loop.ts'
import { fitsSchema } from './fits-schema.ts'
import {
  assertDescriptionFitsPlatform,
  assertFitsPlatform,
  assertProblemFitsPlatform
} from './fits-platform-schema.ts'

/** Configuration values by name. */
export type Configuration = { readonly [name: string]: string }

/** Far more than anything takes on a busy machine. */
const PATIENT_MS = 60_000

/** Limits of a connector that do not decide what a test proves. */
const PATIENT_PARTS: ConnectorParts = {
  patienceMs: PATIENT_MS,
  exampleProcess: sharedExampleProcess(PATIENT_MS),
  fetchTimes: { ...USUAL_FETCH_TIMES, waitMs: PATIENT_MS }
}

/** An answer of the connector, validated against the platform's schemas. */
export type FlowAnswer = {
  readonly status: number
  readonly text: string
  readonly body: JsonValue
}

/** An object of an answer: its id, and its values by property. */
export type Found = { readonly [property: string]: string | null | readonly Found[] }

export type StartedConnector = {
  /** Without a slash at its end. */
  readonly url: string
  /** Every line that was logged so far. */
  readonly log: readonly string[]
  /** All registered routes. */
  readonly routes: readonly RouteOptions[]
  /** The text of every answer so far. */
  readonly answers: readonly string[]
  /** Calls the same service with other configuration values or headers. */
  as(given: { configuration?: Configuration; headers?: Record<string, string> }): StartedConnector
  /** Sends an object with the configuration values as JSON, or a text unchanged. */
  send(method: string, path: string, body?: object | string): Promise<FlowAnswer>
  install(): Promise<InstallResponse>
  preview(): Promise<PreviewResponse>
  load(type: string, listFilter?: object | null): Promise<FlowAnswer>
  save(type: string, ...objects: readonly object[]): Promise<FlowAnswer>
  remove(type: string, ...objects: readonly object[]): Promise<FlowAnswer>
}

/**
 * Starts the real service on a free port, until the test ends, and calls it as the platform does. Validates
 * every answer against the platform's published schemas, and watches the event loop.
 *
 * @param environment Settings by name; by default servers on 127.0.0.1 may be called.
 * @param parts Limits that the test proves; by default they are long.
 */
export async function startConnector(
  t: Lifetime,
  configuration: Configuration,
  environment: { readonly [name: string]: string } = {},
  parts: ConnectorParts = {}
): Promise<StartedConnector> {
  const log: string[] = []
  const answers: string[] = []
  const routes: RouteOptions[] = []
  const { settings } = readSettings({
    EGRESS_ALLOW: '127.0.0.1',
    COMPILE_TIMEOUT_MS: '120000',
    ...environment
  })
  const logger: ConnectorLog = {
    warn: (message, facts) => app.log.warn(facts, message),
    info: (message, facts) => app.log.info(facts, message)
  }
  const connector = await createConnector(settings, logger, {
    compiler: sharedCompiler(settings),
    ...PATIENT_PARTS,
    ...parts
  })
  const { operations, redisState, observer } = connector
  const app = createApp({
    settings,
    operations,
    redisState,
    observer,
    readSampleFile,
    // A busy machine makes the event loop late, which is no overload of the service.
    pressureLimits: { ...processLimits(), loopDelayMs: Number.POSITIVE_INFINITY },
    logDestination: { write: line => log.push(line) }
  })
  app.addHook('onRoute', route => void routes.push(route))
  endWith(t, async () => {
    await app.close()
    await connector.close()
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  endWith(t, watchLoop())
  const url = `http://127.0.0.1:${portOf(app.server.address())}`

  const callAs = (values: Configuration, headers: Record<string, string>): StartedConnector => {
    const configurationValues = Object.entries(values).map(([developerName, contentValue]) => ({
      developerName,
      contentValue,
      contentType: null,
      objectData: null
    }))
    const send = async (method: string, path: string, body: object | string = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify({ configurationValues, ...body })
      })
      const text = await response.text()
      answers.push(text)
      const answer = { status: response.status, text, body: JSON.parse(text) }
      check(path, answer, response.headers.get('X-ManyWho-Service-Problem-Kind'))
      return answer
    }
    const write = (method: string, path: string, type: string, objectData: readonly object[]) =>
      send(method, path, { objectDataType: { developerName: type }, objectData })
    return {
      url,
      log,
      routes,
      answers,
      as: other => callAs(other.configuration ?? values, other.headers ?? headers),
      send,
      install: async () => {
        const { body } = await send('POST', '/metadata/install')
        assert.ok(fitsSchema(InstallResponse, body), JSON.stringify(body))
        return body
      },
      preview: async () => {
        const { body } = await send('POST', '/preview')
        assert.ok(fitsSchema(PreviewResponse, body), JSON.stringify(body))
        return body
      },
      load: (type, listFilter = null) =>
        send('POST', '/data', { objectDataType: { developerName: type }, listFilter }),
      save: (type, ...objects) => write('PUT', '/data', type, objects),
      remove: (type, ...objects) => write('POST', '/data/delete', type, objects)
    }
  }
  return callAs(configuration, {})
}

/** The answer of a data call that succeeded. */
export function data({ status, body, text }: FlowAnswer): ObjectDataResponse {
  assert.equal(status, 200, text)
  assert.ok(fitsSchema(ObjectDataResponse, body), text)
  return body
}

/** The objects of a data call that succeeded, each with its id first. */
export function found(answer: FlowAnswer): Found[] {
  return data(answer).objectData.map(terse)
}

/** The problem of a call that failed. */
export function problem({ body, text }: FlowAnswer): Problem {
  assert.ok(fitsSchema(Problem, body), text)
  return body
}

/** Code and status of a problem. */
export function refusal(answer: FlowAnswer): [code: string, status: number] {
  const { code, statusCode } = problem(answer)
  return [code, statusCode]
}

/** A flow object with texts and nested objects by property. */
export function flowObject(
  externalId: string | null,
  values: { readonly [property: string]: string | null | readonly object[] } = {},
  more: Partial<FlowObject> = {}
): object {
  const properties = Object.entries(values).map(([developerName, value]) =>
    typeof value === 'string' || value === null
      ? { developerName, contentValue: value, objectData: null }
      : { developerName, contentValue: null, objectData: value }
  )
  return { externalId, internalId: null, properties, ...more }
}

/** A condition of a list filter; equality unless another criterion is given. */
export function condition(columnName: string, contentValue: string, criteriaType = 'EQUAL') {
  return { columnName, criteriaType, contentValue, value: null, objectData: null }
}

/** A user header with some fields (docs/protocol.md#the-user-header). */
export function userHeader(fields: { readonly [key: string]: string }): { authorization: string } {
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${value}`)
  return { authorization: encodeURIComponent(pairs.join('&')) }
}

function terse({ externalId, properties }: ResponseObject): Found {
  const values = properties.map(({ developerName, contentValue, objectData }) => [
    developerName,
    objectData === null ? contentValue : objectData.map(terse)
  ])
  return { externalId, ...Object.fromEntries(values) }
}

/** Asserts what holds for every answer (docs/protocol.md#requests-and-answers). */
function check(path: string, { status, body, text }: FlowAnswer, kind: string | null): void {
  if (status !== 200) {
    assert.ok(fitsSchema(Problem, body), text)
    assertProblemFitsPlatform(body)
    assert.equal(kind, body.kind)
    assert.equal(body.statusCode, status)
    assert.ok(body.message.endsWith(`[${body.code}]`), body.message)
    assert.doesNotMatch(text, /\.[jt]s:\d+|node:internal|\\n +at /)
    return
  }
  assert.equal(kind, null)
  if (path.includes('metadata')) assertDescriptionFitsPlatform(body)
  else if (path.includes('data')) checkData(body, text)
}

function checkData(body: JsonValue, text: string): void {
  assert.ok(fitsSchema(ObjectDataResponse, body), text)
  assertFitsPlatform('ObjectDataResponseAPI', body)
  assert.deepEqual(body.objectData.flatMap(nestedObjects).filter(hasNoProperty), [])
}

function nestedObjects(object: ResponseObject): ResponseObject[] {
  const nested = object.properties.flatMap(({ objectData }) => objectData ?? [])
  return [object, ...nested.flatMap(nestedObjects)]
}

/** The platform fails on an object without an id or without properties. */
function hasNoProperty({ externalId, properties }: ResponseObject): boolean {
  return externalId === '' || properties.length === 0
}

function portOf(address: AddressInfo | string | null): number {
  assert.ok(address !== null && typeof address === 'object')
  return address.port
}
