import './base/forget-proto.ts'

import { randomUUID } from 'node:crypto'

import { fastify, type FastifyInstance, LogController } from 'fastify'

import type { Observer } from './observe/observer.ts'
import { GRACE_MS } from './operations/flow-deadline.ts'
import type { Operations } from './operations/types.ts'
import { addBodyParser } from './plugins/body-parser.ts'
import { addServerErrorHandlers, answerClientError } from './plugins/client-error.ts'
import { addConfigurationLimit } from './plugins/configuration-limit.ts'
import { addDoor, createDoor } from './plugins/door.ts'
import { addFairness } from './plugins/fairness.ts'
import { addObjectsLimit } from './plugins/objects-limit.ts'
import { addProblemHandler, routeUnknown, sendProblem } from './plugins/problem-handler.ts'
import { addRequestMetrics, countRequest } from './plugins/request-metrics.ts'
import type { LogDestination } from './plugins/log-output.ts'
import { addRequestLog, loggerOptions } from './plugins/request-log.ts'
import { addSecurityHeaders, SECURITY_HEADERS } from './plugins/security-headers.ts'
import type { PressureLimits } from './plugins/shedding.ts'
import { addShedding, processLimits } from './plugins/shedding.ts'
import { addTimeLimit } from './plugins/time-limit.ts'
import { NO_COMPILERS, useTypeBox } from './plugins/typebox.ts'
import { listRoutes } from './plugins/route-list.ts'
import { addUnansweredLimit } from './plugins/unanswered-limit.ts'
import { addAuthenticationRoute } from './routes/authentication.ts'
import { addAuthorizationRoutes } from './routes/authorization.ts'
import { addCatalogRoute } from './routes/catalog.ts'
import { addConsoleRoutes } from './routes/console.ts'
import { addOverlayRoute } from './routes/overlay.ts'
import { addDeleteRoute } from './routes/delete.ts'
import { addDiffRoute } from './routes/diff.ts'
import { addDocumentTextsRoute } from './routes/document-texts.ts'
import { addEditorSchemaRoute } from './routes/editor-schema.ts'
import { addHealthRoutes } from './routes/health.ts'
import { addKeptRoute } from './routes/kept.ts'
import { addLoadRoute } from './routes/load.ts'
import { addMetadataRoutes } from './routes/metadata.ts'
import { addMetricsRoute } from './routes/metrics.ts'
import { addPreviewRoute } from './routes/preview.ts'
import { addSamplesRoute, type ReadSampleFile } from './routes/samples.ts'
import { addSaveRoute } from './routes/save.ts'
import { addServiceDescriptionRoutes } from './routes/service-description.ts'
import { addTypeDetailsRoute } from './routes/type-details.ts'
import { addTryRoute } from './routes/try.ts'
import type { Settings } from './settings.ts'
import type { RedisState } from './store/redis-health.ts'

/** 64 KiB of headers, and as much for the request line and what proxies add. */
const MAX_HEADER_BYTES = 128 * 1024

/** Maximum time for the headers of a request to arrive (ms). */
const HEADERS_TIMEOUT_MS = 10_000

/** How often to check for requests that did not arrive in time (ms). */
const ARRIVAL_CHECK_MS = 1_000

export type AppPorts = {
  readonly settings: Settings
  readonly operations: Operations
  readonly redisState: () => RedisState | null
  /** Whether the service is shutting down; never by default. */
  readonly isStopping?: () => boolean
  readonly observer: Observer
  readonly readSampleFile: ReadSampleFile
  /** Above these limits flow requests are refused. Default: those of this process. */
  readonly pressureLimits?: PressureLimits
  readonly logDestination?: LogDestination
}

/** Builds the HTTP service (docs/running.md#routes). It does not listen yet. */
export function createApp(ports: AppPorts): FastifyInstance {
  const { settings, operations, observer } = ports
  const { FLOW_TIMEOUT_MS } = settings
  const door = createDoor(settings)
  const app = fastify({
    bodyLimit: settings.REQUEST_MAX_BYTES,
    // A request has this long to arrive, and then as long again to be answered.
    requestTimeout: FLOW_TIMEOUT_MS,
    // Both sides are silent this long only if the caller does not read its answer.
    connectionTimeout: FLOW_TIMEOUT_MS + 2 * GRACE_MS,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, FLOW_TIMEOUT_MS),
      connectionsCheckingInterval: Math.min(ARRIVAL_CHECK_MS, FLOW_TIMEOUT_MS),
      requireHostHeader: false
    },
    genReqId: () => randomUUID(),
    logger: loggerOptions(settings.LOG_LEVEL, ports.logDestination),
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId'
    }),
    schemaController: { compilersFactory: NO_COMPILERS },
    rewriteUrl: raw => door.rewriteUrl(raw),
    // The platform appends paths to the URL as it was typed, with or without a final slash.
    routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true },
    // Requests that arrive on open connections while the service stops are still answered.
    return503OnClosing: false,
    frameworkErrors: (_, request, reply) => {
      reply.headers(SECURITY_HEADERS)
      countRequest(observer, request, reply)
      sendProblem(door.refusal(request, reply) ?? routeUnknown(request), request, reply)
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, MAX_HEADER_BYTES)
  })
  addUnansweredLimit(app)
  addProblemHandler(app, settings.REQUEST_MAX_BYTES)
  // First, so that refused requests are counted too.
  addRequestMetrics(app, observer)
  addServerErrorHandlers(app)
  addSecurityHeaders(app)
  addDoor(app, door)
  const pressure = addShedding(app, ports.pressureLimits ?? processLimits())
  addBodyParser(app, settings, pressure)
  addConfigurationLimit(app, settings.CONFIG_VALUE_MAX_BYTES)
  addObjectsLimit(app, settings)
  addRequestLog(app)
  // Wraps the handler before fairness does, so that its timer starts once the request has a slot.
  addTimeLimit(app, FLOW_TIMEOUT_MS)
  addFairness(app, settings)
  const described = listRoutes(app)
  app.register(
    async scope => {
      const routes = useTypeBox(scope)
      addHealthRoutes(routes, ports.redisState, ports.isStopping)
      if (settings.METRICS !== 'off') {
        addMetricsRoute(routes, observer, settings.METRICS === 'open')
      }
      addMetadataRoutes(routes, operations)
      addLoadRoute(routes, operations)
      addSaveRoute(routes, operations)
      addDeleteRoute(routes, operations)
      addTryRoute(routes, operations)
      addAuthenticationRoute(routes, operations)
      addAuthorizationRoutes(routes, operations)
      addPreviewRoute(routes, operations)
      addTypeDetailsRoute(routes, operations)
      addDocumentTextsRoute(routes, operations)
      addCatalogRoute(routes, operations)
      addOverlayRoute(routes, operations)
      addDiffRoute(routes, operations)
      addKeptRoute(routes, operations)
      addEditorSchemaRoute(routes)
      addServiceDescriptionRoutes(routes, described)
      addSamplesRoute(routes, ports.readSampleFile)
      addConsoleRoutes(routes)
    },
    { prefix: settings.BASE_PATH }
  )
  return app
}
