import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import type { FastifyInstance } from 'fastify'

import { ConnectorError } from '../errors.ts'
import { PROBLEM_KIND_HEADER, writeProblem } from '../protocol/problem.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/** Milliseconds in which a caller may read the answer to what was no request, before the line is cut. */
const LINGER_MS = 1_000

/**
 * Answers what does not even become a request, such as headers past `maxHeaderBytes`, with a problem,
 * and ends the connection.
 */
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
 * Takes over from Node's HTTP server what it would answer without a problem, or not at all: requests
 * without `Host` (RFC 9112 3.2; the server's `requireHostHeader` must be off), to CONNECT, and with an
 * expectation that is none (RFC 9110 10.1.1), which is passed over.
 */
export function addServerRefusals(app: FastifyInstance): void {
  app.addHook('onRequest', ({ headers, raw }, _, done) => {
    const isMalformed = headers.host === undefined && raw.httpVersion === '1.1'
    done(isMalformed ? new ConnectorError('REQUEST_MALFORMED') : undefined)
  })
  app.server.on('checkExpectation', (request, response) => app.routing(request, response))
  app.server.on('connect', (_, socket) => {
    endWithProblem(socket, new ConnectorError('REQUEST_MALFORMED'))
  })
}

/** The problem behind a code of Node's HTTP server. */
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
  // Cutting the line at once would lose the answer, and a caller that never ends would keep it for ever.
  socket.on('error', () => socket.destroy())
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}
