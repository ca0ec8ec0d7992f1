import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

import { ConnectorError } from '../errors.ts'
import { PROBLEM_KIND_HEADER, writeProblem } from '../protocol/problem.ts'

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
  const problem = writeProblem(clientProblem(error.code, maxHeaderBytes), {
    path: '',
    action: null,
    requestId: randomUUID()
  })
  const body = JSON.stringify(problem)
  socket.end(
    [
      `HTTP/1.1 ${problem.statusCode} ${STATUS_CODES[problem.statusCode]}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `${PROBLEM_KIND_HEADER}: ${problem.kind}`,
      '',
      body
    ].join('\r\n')
  )
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
