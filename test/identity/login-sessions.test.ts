import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { createOwner } from '../../service/base/owner.ts'
import { ConnectorError } from '../../service/errors.ts'
import type { LoginSessions, Refresh } from '../../service/identity/login-sessions.ts'
import { createLoginSessions } from '../../service/identity/login-sessions.ts'
import type { Described, UserTokens } from '../../service/identity/types.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'
import { createSealer, makeKey } from '../../service/store/sealer.ts'
import type { Store } from '../../service/store/types.ts'

const SCOPE = { owner: createOwner(null, 't'), schemaUrl: 'https://a.example/openapi.yaml' }
const { signal } = new AbortController()

/** So many replicas over one store. */
function replicas(count: number, refreshMaxS = 30): { sessions: LoginSessions[]; store: Store } {
  const store = createMemoryStore({ maxBytes: 1_000_000, now: () => performance.now() })
  const sealer = createSealer([makeKey()])
  const sessions = Array.from({ length: count }, () =>
    createLoginSessions({
      store,
      sealer,
      refreshMaxS,
      wait: ms => wait(Math.min(ms, 5))
    })
  )
  return { sessions, store }
}

/** Counts refreshes; each is good for one token, as a provider with rotation has it. */
function rotating() {
  let turn = 0
  const refresh: Refresh = {
    async request(refreshToken) {
      assert.equal(refreshToken, `refresh ${turn}`)
      turn++
      await wait(20)
      return { tokens: tokens(turn), describe: async known => known }
    }
  }
  return { refresh, count: () => turn }
}

const DESCRIBED: Described = {
  details: { username: 'ana', email: null, groups: ['staff'] },
  readAt: 0,
  hasUserInfo: true,
  fromIdToken: [],
  subject: null
}

function tokens(turn: number): UserTokens {
  return {
    authorization: `Bearer ${turn}`,
    expiresAt: null,
    renewAt: null,
    refreshToken: `refresh ${turn}`
  }
}

/** A refresh that fails. */
function failing(error: Error): Refresh {
  return {
    request: async () => {
      throw error
    }
  }
}

async function begin([first]: LoginSessions[]): Promise<string> {
  const session = await first?.create({ tokens: tokens(0), described: DESCRIBED }, SCOPE)
  assert.ok(typeof session === 'string')
  return session
}

test('R28 F18 a refresh token is used once, however many callers of however many replicas need it', async () => {
  const { sessions } = replicas(4)
  const session = await begin(sessions)
  const { refresh, count } = rotating()
  const renewed = await Promise.all(
    sessions.flatMap(replica =>
      Array.from({ length: 5 }, () => replica.renew(session, SCOPE, 'Bearer 0', refresh, signal))
    )
  )
  assert.deepEqual(new Set(renewed.map(kept => kept?.tokens.authorization)), new Set(['Bearer 1']))
  assert.equal(count(), 1)
  const next = await sessions[1]?.renew(session, SCOPE, 'Bearer 1', refresh, signal)
  assert.equal(next?.tokens.authorization, 'Bearer 2')
  assert.equal(count(), 2)
})

test('F18 a caller who hangs up ends its own wait, not the refresh that others share', async () => {
  const { sessions } = replicas(1)
  const [replica] = sessions
  const session = await begin(sessions)
  const { refresh, count } = rotating()
  const leaving = new AbortController()
  const left = replica?.renew(session, SCOPE, 'Bearer 0', refresh, leaving.signal)
  const stayed = replica?.renew(session, SCOPE, 'Bearer 0', refresh, signal)
  leaving.abort()
  await assert.rejects(async () => left, { name: 'AbortError' })
  assert.equal((await stayed)?.tokens.authorization, 'Bearer 1')
  assert.equal((await replica?.read(session, SCOPE))?.tokens.refreshToken, 'refresh 1')
  assert.equal(count(), 1)
})

test('F18 a replica that dies in the middle of a refresh blocks others only until its lock expires', async () => {
  const { sessions, store } = replicas(2, 1)
  const session = await begin(sessions)
  assert.ok(await store.claim(`login-lock:${session}`, 'a replica that is gone', 0.1))
  const { refresh, count } = rotating()
  const kept = await sessions[0]?.renew(session, SCOPE, 'Bearer 0', refresh, signal)
  assert.deepEqual([kept?.tokens.authorization, count()], ['Bearer 1', 1])
})

test('F18 a refused refresh ends the session, a failed one does not', async () => {
  const { sessions } = replicas(2)
  const [one, two] = sessions
  const session = await begin(sessions)
  const down = failing(new ConnectorError('IDENTITY_FAILED', { host: 'id.example', status: 503 }))
  await assert.rejects(async () => one?.renew(session, SCOPE, 'Bearer 0', down, signal), {
    code: 'IDENTITY_FAILED'
  })
  assert.equal((await two?.read(session, SCOPE))?.tokens.refreshToken, 'refresh 0')
  const refused = failing(new ConnectorError('LOGIN_DENIED', { reason: 'no' }))
  assert.equal(await one?.renew(session, SCOPE, 'Bearer 0', refused, signal), null)
  assert.equal(await two?.read(session, SCOPE), null)
  assert.equal(await two?.renew(session, SCOPE, 'Bearer 0', down, signal), null)
})

test('C1 C3 a session opens for its tenant and document only, and lies sealed in the store', async () => {
  const { sessions, store } = replicas(1)
  const session = await begin(sessions)
  for (const other of [
    { ...SCOPE, owner: createOwner(null, 'other') },
    { ...SCOPE, schemaUrl: 'https://b.example/openapi.yaml' }
  ]) {
    assert.equal(await sessions[0]?.read(session, other), undefined)
  }
  const kept = await store.get(`login-session:${session}`)
  assert.ok(kept !== undefined && !kept.includes('refresh 0'))
})

test('a login without a refresh token has no session', async () => {
  const { sessions } = replicas(1)
  const bare = { ...tokens(0), refreshToken: null }
  assert.equal(await sessions[0]?.create({ tokens: bare, described: DESCRIBED }, SCOPE), null)
})

test('I5 a refresh keeps its tokens before the user is described, and ends with another user', async () => {
  const { sessions } = replicas(2)
  const [one, two] = sessions
  const session = await begin(sessions)
  const refresh = (turn: number, describe: () => Promise<Described | null>): Refresh => ({
    request: async () => ({ tokens: tokens(turn), describe })
  })
  const details = { ...DESCRIBED.details, groups: [] }
  const anew = refresh(1, async () => {
    const kept = await two?.read(session, SCOPE)
    assert.deepEqual(kept, { tokens: tokens(1), described: DESCRIBED })
    return { ...DESCRIBED, details }
  })
  await one?.renew(session, SCOPE, 'Bearer 0', anew, signal)
  assert.deepEqual((await two?.read(session, SCOPE))?.described.details, details)
  const broken = refresh(2, async () => {
    throw new Error('a fault')
  })
  await assert.rejects(async () => one?.renew(session, SCOPE, 'Bearer 1', broken, signal))
  assert.equal((await two?.read(session, SCOPE))?.tokens.refreshToken, 'refresh 2')
  const other = refresh(3, async () => null)
  assert.equal(await one?.renew(session, SCOPE, 'Bearer 2', other, signal), null)
  assert.equal(await two?.read(session, SCOPE), null)
})

test('H22 a state of a session that is put back into the store is not taken by who has seen a later one', async () => {
  const { sessions, store } = replicas(2)
  const session = await begin(sessions)
  const [first, second] = sessions
  const key = `login-session:${session}`
  const begun = await store.get(key)
  const { refresh, count } = rotating()
  assert.ok(begun !== undefined && first !== undefined && second !== undefined)
  const renewed = await first.renew(session, SCOPE, 'Bearer 0', refresh, signal)
  assert.equal(renewed?.tokens.authorization, 'Bearer 1')
  assert.equal((await second.read(session, SCOPE))?.tokens.authorization, 'Bearer 1')
  const later = await store.get(key)

  await store.set(key, begun, 60, SCOPE.owner)
  for (const replica of sessions) {
    assert.equal(await replica.read(session, SCOPE), null)
    assert.equal(await replica.renew(session, SCOPE, 'Bearer 0', refresh, signal), null)
  }
  assert.equal(count(), 1)
  await store.set(key, later ?? '', 60, SCOPE.owner)
  assert.equal((await first.read(session, SCOPE))?.tokens.authorization, 'Bearer 1')
})

test('H22 a session that has ended stays ended when an older state of it is put back', async () => {
  const { sessions, store } = replicas(1)
  const session = await begin(sessions)
  const key = `login-session:${session}`
  const begun = await store.get(key)
  const denied = failing(new ConnectorError('LOGIN_DENIED', { reason: 'it is over' }))
  assert.equal(await sessions[0]?.renew(session, SCOPE, 'Bearer 0', denied, signal), null)
  await store.set(key, begun ?? '', 60, SCOPE.owner)
  assert.equal(await sessions[0]?.read(session, SCOPE), null)
})
