import { randomUUID } from 'node:crypto'

/** One part of a multipart body. */
export type MultipartPart = {
  readonly name: string
  readonly value: string | Uint8Array
  /** Null: a plain field. */
  readonly mediaType: string | null
  /** Null for none; by default a part with a media type is a file of its own name. */
  readonly filename?: string | null
  /** Further headers of the part. */
  readonly headers?: { readonly [name: string]: string }
}

/** Writes the parts of a multipart/form-data body (RFC 7578), with a boundary of its own. */
export function encodeMultipart(parts: readonly MultipartPart[]): {
  readonly bytes: Uint8Array
  readonly contentType: string
} {
  const boundary = `form-${randomUUID()}`
  const chunks = parts.flatMap(part => [
    Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n\r\n`),
    typeof part.value === 'string' ? Buffer.from(part.value) : part.value,
    Buffer.from('\r\n')
  ])
  const bytes = Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)])
  return { bytes, contentType: `multipart/form-data; boundary=${boundary}` }
}

function headOf({ name, mediaType, filename, headers = {} }: MultipartPart): string {
  const file = filename === undefined && mediaType !== null ? name : (filename ?? null)
  const ofFile = file === null ? '' : `; filename="${quoted(file)}"`
  return [
    `Content-Disposition: form-data; name="${quoted(name)}"${ofFile}`,
    ...(mediaType === null ? [] : [`Content-Type: ${mediaType}`]),
    ...Object.entries(headers).map(([header, value]) => `${header}: ${value}`)
  ].join('\r\n')
}

/** Text between quotes, as browsers write it: percent signs in place of what would end it. */
function quoted(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
