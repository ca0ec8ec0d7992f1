import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import { createLoginFailures } from '../../service/identity/login-failures.ts'

const SCOPE = { owner: createOwner(null, 't'), schemaUrl: 'https://d.example/api.yaml' }
const { signal } = new AbortController()

/** Attempts that end when a test says so, and how many of them reached the API. */
function setUp() {
  const clock = { time: 1_000 }
  const failures = createLoginFailures(() => clock.time)
  const running: { right(): void; wrong(): void; broken(): void }[] = []
  const guess = (until = signal, username = 'ana'): Promise<string> =>
    failures.attempt(
      SCOPE,
      username,
      () => {
        const { promise, resolve, reject } = Promise.withResolvers<string>()
        running.push({
          right: () => resolve('in'),
          wrong: () => reject(new Error('wrong')),
          broken: () => reject(new Error('broken'))
        })
        return promise
      },
      error => error instanceof Error && error.message === 'wrong',
      until
    )
  const outcome = (attempt: Promise<string>): Promise<string> =>
    attempt.catch((error: unknown) => (error instanceof Error ? error.message : 'thrown'))
  return { clock, running, guess: (...given: Parameters<typeof guess>) => outcome(guess(...given)) }
}

test('I9 right passwords at once are all let in, five at a time', async () => {
  const { running, guess } = setUp()
  const all = Array.from({ length: 12 }, () => guess())
  for (let ended = 0; ended < 12; ended++) {
    await turn()
    assert.ok(running.length - ended <= 5)
    running[ended]?.right()
  }
  assert.deepEqual(new Set(await Promise.all(all)), new Set(['in']))
})

test('I9 wrong passwords at once reach the API five times, and the rest is denied', async () => {
  const { running, guess, clock } = setUp()
  const all = Array.from({ length: 30 }, () => guess())
  for (let ended = 0; ended < 5; ended++) {
    await turn()
    running[ended]?.wrong()
  }
  const outcomes = await Promise.all(all)
  assert.equal(outcomes.filter(said => said === 'wrong').length, 5)
  assert.equal(outcomes.filter(said => /too many failed logins/.test(said)).length, 25)
  assert.equal(running.length, 5)
  clock.time = 61_001
  const late = guess()
  await turn()
  running[5]?.right()
  assert.equal(await late, 'in')
})

test('I9 an attempt that says nothing about the password lets the next one run and does not count', async () => {
  const { running, guess } = setUp()
  const all = Array.from({ length: 12 }, () => guess())
  for (let ended = 0; ended < 12; ended++) {
    await turn()
    running[ended]?.broken()
  }
  assert.deepEqual(new Set(await Promise.all(all)), new Set(['broken']))
})

test('I9 a right password forgets the failures before it', async () => {
  const { running, guess } = setUp()
  for (const end of ['wrong', 'wrong', 'wrong', 'wrong', 'right', 'wrong', 'right'] as const) {
    const attempt = guess()
    await turn()
    running.at(-1)?.[end]()
    assert.equal(await attempt, end === 'right' ? 'in' : 'wrong')
  }
})

test('I9 waiting is bounded, ends with its caller, and holds up no other user name', async () => {
  const { running, guess } = setUp()
  const leaving = new AbortController()
  const first = Array.from({ length: 5 }, () => guess())
  const waiting = Array.from({ length: 100 }, () => guess(leaving.signal))
  assert.match(await guess(), /too many logins with this name at once/)
  const other = guess(signal, 'bob')
  await turn()
  running.at(-1)?.right()
  assert.equal(await other, 'in')
  leaving.abort(new Error('gone'))
  assert.deepEqual(new Set(await Promise.all(waiting)), new Set(['gone']))
  for (const { right } of running) right()
  assert.deepEqual(new Set(await Promise.all(first)), new Set(['in']))
})
