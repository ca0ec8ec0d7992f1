import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

import type { FastifyInstance, RouteOptions } from 'fastify'

import { createApp } from '../../service/app.ts'
import { createMetrics } from '../../service/observe/create-metrics.ts'
import { NOOP_OBSERVER } from '../../service/observe/observer.ts'
import type { Operations } from '../../service/operations/types.ts'
import type { ReadSampleFile } from '../../service/routes/samples.ts'
import { processLimits } from '../../service/plugins/shedding.ts'
import { readSettings } from '../../service/read-settings.ts'
import { endWith } from './lifetime.ts'

export type StartedApp = {
  readonly app: FastifyInstance
  /** Without a slash at its end. */
  readonly url: string
  /** Every line that was logged so far. */
  readonly log: readonly string[]
  /** All registered routes. */
  readonly routes: readonly RouteOptions[]
  /** How many requests have reached their handler, where they may be queued. */
  arrivals(): number
}

/** What a test needs of a service: operations, settings by name, and sample documents by path. */
export type AppParts = {
  readonly operations?: Partial<Operations>
  readonly environment?: { readonly [name: string]: string }
  readonly readSampleFile?: ReadSampleFile
  /** How late its event loop may be (ms). By default as late as a busy machine makes it. */
  readonly loopDelayMs?: number
}

/**
 * Starts the service on a free port of this machine, until the test ends.
 *
 * @param given The operations that the test needs, all others fail; settings by name; sample documents by
 *   path; when it is overloaded.
 */
export async function startApp(t: TestContext, given: AppParts = {}): Promise<StartedApp> {
  const { app, log } = buildApp(given)
  const routes: RouteOptions[] = []
  let arrivals = 0
  app.addHook('onRoute', route => void routes.push(route))
  app.addHook('preHandler', async () => {
    arrivals++
  })
  endWith(t, () => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${portOf(app.server.address())}`
  return { app, url, log, routes, arrivals: () => arrivals }
}

/** Builds the service, which does not listen yet. */
export function buildApp(given: AppParts): Pick<StartedApp, 'app' | 'log'> {
  const log: string[] = []
  const { settings } = readSettings(given.environment ?? {})
  const models = () => ({ entries: 0, bytes: 0 })
  const observer =
    settings.METRICS === 'off' ? NOOP_OBSERVER : createMetrics({ redis: null, models })
  const app = createApp({
    settings,
    operations: {
      describe: () => unexpected('describe'),
      catalog: () => unexpected('catalog'),
      proposeOverlay: () => unexpected('proposeOverlay'),
      preview: () => unexpected('preview'),
      describeType: () => unexpected('describeType'),
      readTexts: () => unexpected('readTexts'),
      load: () => unexpected('load'),
      save: () => unexpected('save'),
      remove: () => unexpected('remove'),
      try: () => unexpected('try'),
      authenticate: () => unexpected('authenticate'),
      authorize: () => unexpected('authorize'),
      compare: () => unexpected('compare'),
      keep: () => unexpected('keep'),
      ...given.operations
    },
    redisState: () => null,
    observer,
    readSampleFile: given.readSampleFile ?? (async () => undefined),
    pressureLimits: {
      ...processLimits(),
      loopDelayMs: given.loopDelayMs ?? Number.POSITIVE_INFINITY
    },
    logDestination: { write: line => log.push(line) }
  })
  app.addHook('onClose', async () => observer.close())
  return { app, log }
}

/** A request with a JSON body. */
export function json(method: string, body: unknown, headers: Record<string, string> = {}) {
  return {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body)
  }
}

async function unexpected(name: string): Promise<never> {
  throw new Error(`the test does not expect a call of ${name}`)
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address.port
}
