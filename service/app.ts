import { randomUUID } from 'node:crypto'

import { fastify, type FastifyInstance, LogController } from 'fastify'

import type { Operations } from './operations/types.ts'
import { addBodyParser } from './plugins/body-parser.ts'
import { answerClientError } from './plugins/client-error.ts'
import { addProblemHandler, routeUnknown, sendProblem } from './plugins/problem-handler.ts'
import { addRequestLog, type LogDestination, loggerOptions } from './plugins/request-log.ts'
import { useTypeBox } from './plugins/typebox.ts'
import { addAuthenticationRoute } from './routes/authentication.ts'
import { addAuthorizationRoutes } from './routes/authorization.ts'
import { addDeleteRoute } from './routes/delete.ts'
import { addHealthRoutes } from './routes/health.ts'
import { addLoadRoute } from './routes/load.ts'
import { addMetadataRoutes } from './routes/metadata.ts'
import { addPreviewRoute } from './routes/preview.ts'
import { addSamplesRoute, type ReadSampleFile } from './routes/samples.ts'
import { addSaveRoute } from './routes/save.ts'
import type { Settings } from './settings.ts'
import type { RedisState } from './store/redis-health.ts'

/** 64 KiB of headers, and as much for the request line and what proxies add. */
const MAX_HEADER_BYTES = 128 * 1024

/** Milliseconds in which a request must have arrived whole; the platform gives up after 100 s. */
const ARRIVAL_TIMEOUT_MS = 60_000

/** Everything that the service needs from outside. */
export type AppPorts = {
  readonly settings: Settings
  readonly operations: Operations
  readonly redisState: () => RedisState | null
  readonly readSampleFile: ReadSampleFile
  readonly logDestination?: LogDestination
}

/** Builds the HTTP service of design 5. It does not listen yet. */
export function createApp(ports: AppPorts): FastifyInstance {
  const { settings, operations } = ports
  const app = fastify({
    bodyLimit: settings.REQUEST_MAX_BYTES,
    requestTimeout: ARRIVAL_TIMEOUT_MS,
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    genReqId: () => randomUUID(),
    logger: loggerOptions(settings.LOG_LEVEL, ports.logDestination),
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId'
    }),
    // the platform glues its suffixes to whatever URL the author typed (protocol 0.1)
    routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true },
    // what arrives on an open connection while the service stops is still answered
    return503OnClosing: false,
    frameworkErrors: (_, request, reply) => sendProblem(routeUnknown(request), request, reply),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, MAX_HEADER_BYTES)
  })
  addProblemHandler(app, settings.REQUEST_MAX_BYTES)
  addBodyParser(app, settings.REQUEST_MAX_DEPTH)
  addRequestLog(app)
  app.register(
    async scope => {
      const routes = useTypeBox(scope)
      addHealthRoutes(routes, ports.redisState)
      addMetadataRoutes(routes, operations)
      addLoadRoute(routes, operations)
      addSaveRoute(routes, operations)
      addDeleteRoute(routes, operations)
      addAuthenticationRoute(routes, operations)
      addAuthorizationRoutes(routes, operations)
      addPreviewRoute(routes, operations)
      addSamplesRoute(routes, ports.readSampleFile)
    },
    { prefix: settings.BASE_PATH }
  )
  return app
}
