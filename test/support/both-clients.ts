import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { inspect } from 'node:util'

import { ConnectorError } from '../../service/errors.ts'
import { createApiClient } from '../../service/net/api-client.ts'
import { createControlClient } from '../../service/net/control-client.ts'
import { createDocumentClient } from '../../service/net/document-client.ts'
import type { Egress } from '../../service/net/egress.ts'
import { endWith } from './lifetime.ts'

/** A client that fetches the text at a URL. */
export type TestClient = {
  readonly kind: 'data' | 'document'
  get(url: string): Promise<string>
}

const LIMITS = {
  UPSTREAM_TIMEOUT_MS: 20_000,
  RESPONSE_MAX_BYTES: 10_000,
  DOCUMENT_MAX_BYTES: 10_000
}

/** The client for data calls and the one for documents, with the same egress. */
export function bothClients(
  t: TestContext,
  egress: Egress,
  connectMs = 5_000
): readonly [data: TestClient, document: TestClient] {
  const limits = { ...LIMITS, CONNECT_TIMEOUT_MS: connectMs }
  const api = createApiClient(limits, egress)
  const control = createControlClient(limits, egress)
  const documents = createDocumentClient(control, limits)
  endWith(t, async () => {
    control.close()
    await api.close()
  })
  const { signal } = new AbortController()
  return [
    {
      kind: 'data',
      async get(url) {
        const { body } = await api.send({ method: 'GET', url, headers: {}, body: null }, signal)
        return new TextDecoder().decode(body)
      }
    },
    {
      kind: 'document',
      async get(url) {
        const { bytes } = await documents.fetch({ url, token: null, validators: null })
        return new TextDecoder().decode(bytes)
      }
    }
  ]
}

/** The problem that a call rejects with. */
export async function problemOf(call: Promise<unknown>): Promise<ConnectorError> {
  const error = await call.then(
    () => assert.fail('the call succeeded'),
    (reason: unknown) => reason
  )
  assert.ok(error instanceof ConnectorError, inspect(error))
  return error
}
