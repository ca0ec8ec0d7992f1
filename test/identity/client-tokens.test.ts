import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import { createClientTokens } from '../../service/identity/client-tokens.ts'
import { createTokenRequests } from '../../service/identity/token-endpoint.ts'
import { createControlClient } from '../../service/net/control-client.ts'
import { createIdentityClient } from '../../service/net/identity-client.ts'
import { testEgress } from '../support/test-egress.ts'
import { startUpstream } from '../support/start-upstream.ts'

const { signal } = new AbortController()

/** A provider that counts the tokens that it gives, each for so many seconds, under a clock of the test. */
async function setUp(t: TestContext, expires: object) {
  let given = 0
  const url = await startUpstream(t, (_, response) => {
    const answer = { access_token: `token-${++given}`, token_type: 'bearer', ...expires }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  const egress = testEgress()
  const limits = { CONNECT_TIMEOUT_MS: 5_000, UPSTREAM_TIMEOUT_MS: 20_000 }
  const control = createControlClient(limits, egress)
  t.after(() => control.close())
  const clock = { time: 1_750_000_000_000 }
  const client = createIdentityClient(control, limits, egress.policy.isNamed)
  const requestTokens = createTokenRequests({
    now: () => clock.time,
    wait: () => assert.fail('a request was repeated'),
    callMs: 20_000
  })
  const tokens = createClientTokens(client, requestTokens, () => clock.time)
  const grant = {
    owner: createOwner(null, 't'),
    tokenUrl: new URL(`${url}/token`),
    scope: '',
    client: { id: 'c', secret: 's' },
    clientAuth: null,
    parameters: {}
  }
  const ask = (refused: string | null = null) => tokens.authorization(grant, refused, signal)
  return { clock, ask, count: () => given }
}

const lives: readonly (readonly [expires: object, usedMs: number])[] = [
  [{ expires_in: 3_600 }, 3_570_000],
  [{ expires_in: 40 }, 30_000],
  [{ expires_in: '40' }, 30_000],
  [{}, 300_000],
  [{ expires_in: 0 }, 300_000]
]
for (const [expires, usedMs] of lives) {
  test(`F17 a token of ${JSON.stringify(expires)} is used for ${usedMs / 1000} s`, async t => {
    const { clock, ask, count } = await setUp(t, expires)
    assert.equal(await ask(), 'Bearer token-1')
    clock.time += usedMs - 1
    assert.equal(await ask(), 'Bearer token-1')
    assert.equal(count(), 1)
    clock.time += 1
    assert.equal(await ask(), 'Bearer token-2')
  })
}

test('R28 F17 a token that was refused is asked for anew, by all who had it together', async t => {
  const { ask, count } = await setUp(t, { expires_in: 3_600 })
  const refused = await ask()
  const next = await Promise.all(Array.from({ length: 10 }, () => ask(refused)))
  assert.deepEqual(new Set(next), new Set(['Bearer token-2']))
  assert.equal(await ask(refused), 'Bearer token-2')
  assert.equal(count(), 2)
})
