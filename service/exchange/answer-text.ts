import type { ApiResponse } from '../net/api-client.ts'
import { TEXT_MAX_LENGTH } from './redaction.ts'

/** How much of a body is shown or read for its words: no more than a text that is shown can have. */
export const START_MAX_BYTES = TEXT_MAX_LENGTH

type TextResponse = Pick<ApiResponse, 'headers' | 'body'>

export function bodyText(response: TextResponse): string {
  return decoderOf(response).decode(response.body)
}

/** Decodes by the charset of a body, as UTF-8 if there is none or an unknown one. */
export function decoderOf({
  headers
}: Pick<TextResponse, 'headers'>): InstanceType<typeof TextDecoder> {
  const [, charset] = /;\s*charset="?([\w-]+)/i.exec(headers['content-type'] ?? '') ?? []
  try {
    return new TextDecoder(charset ?? 'utf-8')
  } catch {
    return new TextDecoder()
  }
}

/** The first 64 KB of a body. */
export function bodyStart({ headers, body }: TextResponse): string {
  return bodyText({ headers, body: body.subarray(0, START_MAX_BYTES) })
}
