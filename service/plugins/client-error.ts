import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import type { FastifyInstance } from 'fastify'

import { ConnectorError } from '../errors.ts'
import { PROBLEM_KIND_HEADER, writeProblem } from '../protocol/problem.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/** How long a caller may read the answer to a malformed request before the socket is destroyed (ms). */
const LINGER_MS = 1_000

/** Answers a request that Node cannot parse, such as one with too large headers, and ends the connection. */
export function answerClientError(
  error: Error & { readonly code?: string },
  socket: Socket,
  maxHeaderBytes: number
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  endWithProblem(socket, clientProblem(error.code, maxHeaderBytes))
}

/**
 * Answers with a problem what Node's HTTP server would answer without one or not at all: requests without
 * `Host` (RFC 9112 3.2; the server's `requireHostHeader` must be off) and CONNECT. Ignores an unknown
 * expectation (RFC 9110 10.1.1).
 */
export function addServerErrorHandlers(app: FastifyInstance): void {
  app.addHook('onRequest', ({ headers, raw }, _, done) => {
    const isMalformed = headers.host === undefined && raw.httpVersion === '1.1'
    done(isMalformed ? new ConnectorError('REQUEST_MALFORMED') : undefined)
  })
  app.server.on('checkExpectation', (request, response) => app.routing(request, response))
  app.server.on('connect', (_, socket) => {
    endWithProblem(socket, new ConnectorError('REQUEST_MALFORMED'))
  })
}

/** The problem for an error code of Node's HTTP server. */
export function clientProblem(code: string | undefined, maxHeaderBytes: number): ConnectorError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ConnectorError('HEADERS_TOO_LARGE', { limit: maxHeaderBytes })
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ConnectorError('REQUEST_TIMEOUT')
    default:
      return new ConnectorError('REQUEST_MALFORMED')
  }
}

function endWithProblem(socket: Duplex, error: ConnectorError): void {
  const problem = writeProblem(error, { path: '', action: null, requestId: randomUUID() })
  const body = JSON.stringify(problem)
  socket.end(
    [
      `HTTP/1.1 ${problem.statusCode} ${STATUS_CODES[problem.statusCode]}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `${PROBLEM_KIND_HEADER}: ${problem.kind}`,
      ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
      '',
      body
    ].join('\r\n')
  )
  // Destroying the socket at once would lose the answer; waiting for the caller to close it could take forever.
  socket.on('error', () => socket.destroy())
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}
