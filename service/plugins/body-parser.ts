import type { FastifyInstance, FastifyRequest } from 'fastify'

import { isJsonMediaType } from '../base/media-type.ts'
import { ConnectorError } from '../errors.ts'
import { checkBodyDepth } from '../protocol/body-depth.ts'

/**
 * Reads bodies as JSON in UTF-8 whatever charset the content type names (RFC 8259 8.1, 11), and also
 * when there is no content type. An empty body is null. Numbers become doubles, which is enough: the
 * platform sends the values of a flow as text (protocol 0.4).
 *
 * Answers BODY_NOT_JSON, and BODY_TOO_DEEP past `maxDepth` levels of nesting.
 */
export function addBodyParser(app: FastifyInstance, maxDepth: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      if (request.is404 || bytes.length === 0) return null
      const body = parsed(bytes, request.headers['content-type'])
      checkBodyDepth(body, maxDepth)
      return body
    }
  )
}

function parsed(bytes: Buffer, contentType: string | undefined): unknown {
  if (contentType !== undefined && !isJsonMediaType(contentType)) {
    throw new ConnectorError('BODY_NOT_JSON')
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new ConnectorError('BODY_NOT_JSON')
  }
}
