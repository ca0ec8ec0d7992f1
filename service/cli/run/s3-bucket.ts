import { setTimeout as wait } from 'node:timers/promises'

import { ConnectorError } from '../../errors.ts'
import type { S3Place } from '../../ingest/aws/s3-url.ts'
import { s3KeyUrl } from '../../ingest/aws/s3-url.ts'
import { signS3Call } from '../../ingest/aws/sign-aws.ts'
import type { ApiClient, ApiResponse } from '../../net/api-client.ts'
import { createApiClient } from '../../net/api-client.ts'
import { createEgress } from '../../net/egress.ts'
import { readTlsFiles } from '../../net/tls-files.ts'
import type { Settings } from '../../settings.ts'
import type { CommandContext } from '../command.ts'
import { commandSettings } from '../document/command-settings.ts'
import { s3Keys, s3Place } from '../document/s3-object.ts'
import { CommandError } from '../terminal.ts'

/** A call of S3. */
export type S3Call = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** `s3://bucket/key`, or `s3://bucket/` for the bucket itself. */
  readonly location: string
  readonly query?: { readonly [name: string]: string }
  readonly headers?: { readonly [name: string]: string }
  readonly body?: Uint8Array
  /** Statuses that are no failure. Default: those below 300. */
  readonly takes?: readonly number[]
}

/** Calls S3 as the environment says who signs. */
export type S3 = {
  /** @throws CommandError for a refusal; ConnectorError where there is no answer. */
  send(call: S3Call): Promise<ApiResponse>
  close(): Promise<void>
}

/** Statuses and failures that pass, and how often and after how long (ms) a call is repeated; each wait is twice the one before. */
const PASSING = [409, 429, 500, 502, 503, 504]
const PASSING_FAILURE = /^(DNS_TIMEOUT|UPSTREAM_(UNREACHABLE|CONNECT_TIMEOUT|RESET|TIMEOUT))$/
const REPEATS = 4
const FIRST_WAIT_MS = 200

/** How long a call may take (ms): a part of an upload has 16 MB. */
const CALL_MS = 5 * 60 * 1_000

const NO_BODY = new Uint8Array()

/**
 * S3 as a command calls it (docs/pipelines.md#s3). Its calls leave by the egress policy, with the end point of the
 * environment allowed. Nothing is opened before the first call.
 *
 * @param signal Aborts all calls.
 */
export function openS3({ settings, terminal }: CommandContext, signal: AbortSignal): S3 {
  const { environment } = terminal
  const place = s3Place(environment)
  let opening: Promise<ApiClient> | undefined
  const sendOnce = async (call: S3Call): Promise<ApiResponse> => {
    const { method, location, query = {}, headers = {}, body = NO_BODY } = call
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/is.exec(location) ?? []
    const url = new URL(s3KeyUrl(bucket, key, place))
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const keys = await s3Keys(environment)
    const scope = { keys, region: place.awsRegion, service: 's3' } as const
    const signed = await signS3Call({ method, url: url.href, headers, body }, scope)
    const sent = body === NO_BODY && method !== 'PUT' && method !== 'POST' ? null : body
    opening ??= openClient(settings, place)
    const client = await opening
    return client.send({ method, url: url.href, headers: signed, body: sent }, signal)
  }
  return {
    async send(call) {
      for (let repeats = 0; ; repeats++) {
        try {
          const response = await sendOnce(call)
          const { status } = response
          if (status < 300 || call.takes?.includes(status)) return response
          if (!PASSING.includes(status) || repeats === REPEATS) throw refusal(call, response)
        } catch (error) {
          const isPassing = error instanceof ConnectorError && PASSING_FAILURE.test(error.code)
          if (!isPassing || repeats === REPEATS) throw error
        }
        await wait(FIRST_WAIT_MS * 2 ** repeats, undefined, { signal })
      }
    },
    close: async () => (await opening?.catch(() => undefined))?.close()
  }
}

async function openClient(settings: Settings, { endPointURL }: S3Place): Promise<ApiClient> {
  const own = commandSettings(settings, endPointURL === undefined ? [] : [endPointURL])
  const egress = createEgress(own, { secureContext: await readTlsFiles(own) })
  return createApiClient({ ...own, UPSTREAM_TIMEOUT_MS: CALL_MS }, egress)
}

const CODE = /<Code>([A-Za-z]{1,80})<\/Code>/

function refusal({ location, method }: S3Call, { status, body }: ApiResponse): CommandError {
  const code = CODE.exec(Buffer.from(body).toString())?.[1]
  const what = method === 'GET' ? 'read' : 'written'
  const why = code === undefined ? '' : `, ${code}`
  return new CommandError(`"${location}" cannot be ${what}: S3 answered ${status}${why}`)
}
