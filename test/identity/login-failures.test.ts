import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import { createLoginFailures } from '../../service/identity/login-failures.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'

const CHECK_URL = 'https://api.example/me'
const { signal } = new AbortController()

/** Attempts that end when a test says so, and how many of them reached the API. */
function setUp() {
  const clock = { time: 1_000 }
  const store = createMemoryStore({ maxBytes: 100_000, now: () => clock.time })
  const failures = createLoginFailures(() => clock.time, store)
  const running: { right(): void; wrong(): void; broken(): void }[] = []
  const guess = (
    until = signal,
    username = 'ana',
    { tenant = 't', checkUrl = CHECK_URL } = {}
  ): Promise<string> =>
    failures.attempt({
      owner: createOwner(null, tenant),
      checkUrl: new URL(checkUrl),
      username,
      check: () => {
        const { promise, resolve, reject } = Promise.withResolvers<string>()
        running.push({
          right: () => resolve('in'),
          wrong: () => reject(new Error('wrong')),
          broken: () => reject(new Error('broken'))
        })
        return promise
      },
      isFailure: error => error instanceof Error && error.message === 'wrong',
      signal: until
    })
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

type Guess = { readonly username?: string; readonly tenant?: string; readonly checkUrl?: string }

/** Makes guesses one after another. @returns How many reached the API. */
async function guessInTurn(
  { running, guess }: ReturnType<typeof setUp>,
  guesses: readonly Guess[],
  end: 'wrong' | 'right' = 'wrong'
): Promise<number> {
  const before = running.length
  for (const { username, ...where } of guesses) {
    const seen = running.length
    const outcome = guess(signal, username, where)
    await turn()
    if (running.length > seen) running.at(-1)?.[end]()
    await outcome
  }
  return running.length - before
}

const many = (guess: (index: number) => Guess): readonly Guess[] =>
  Array.from({ length: 40 }, (_, index) => guess(index))

for (const [what, guesses] of [
  ['queries', many(index => ({ checkUrl: `https://api.example/me?${index}` }))],
  ['fragments', many(index => ({ checkUrl: `https://api.example/me#${index}` }))],
  ['slashes', many(index => ({ checkUrl: `https://api.example${'/'.repeat(index)}/me/` }))],
  [
    'encodings',
    many(index => ({ checkUrl: `https://api.example/${index % 2 ? '%6De' : 'm%65'}` }))
  ],
  [
    'letter cases',
    many(index => ({ checkUrl: `https://API.example./${index % 2 ? 'ME' : 'Me'}` }))
  ],
  ['blanks around the name', many(index => ({ username: `${' '.repeat(index)}ana\u200b` }))],
  ['forms of the name', many(index => ({ username: index % 2 ? 'ＡＮＡ' : 'Ana' }))],
  ['tenants', many(index => ({ tenant: `t${index}` }))]
] as const) {
  test(`H10 V2 other ${what} are no further guesses`, async () => {
    assert.equal(await guessInTurn(setUp(), guesses), 5)
  })
}

test('H10 V2 guesses of forty tenants at once reach the API five times', async () => {
  const { running, guess } = setUp()
  const all = Array.from({ length: 40 }, (_, index) =>
    guess(signal, 'ana', { tenant: `t${index}` })
  )
  for (let ended = 0; ended < 5; ended++) {
    await turn()
    await turn()
    running[ended]?.wrong()
  }
  await Promise.all(all)
  assert.equal(running.length, 5)
})

test('H10 V2 who has logged in is not locked out by the guesses of other tenants, for 30 days', async () => {
  const service = setUp()
  assert.equal(await guessInTurn(service, [{ tenant: 'own' }], 'right'), 1)
  service.clock.time += 29 * 24 * 60 * 60 * 1000
  assert.equal(
    await guessInTurn(
      service,
      many(index => ({ tenant: `t${index % 8}` }))
    ),
    40
  )
  assert.equal(await guessInTurn(service, [{ tenant: 'own' }], 'right'), 1)
  assert.equal(
    await guessInTurn(
      service,
      many(() => ({ tenant: 't' }))
    ),
    5
  )
  service.clock.time += 31 * 24 * 60 * 60 * 1000
  assert.equal(
    await guessInTurn(
      service,
      many(index => ({ tenant: `t${index}` }))
    ),
    5
  )
})

test('H10 V2 guesses at other addresses and with other names are counted apart', async () => {
  const service = setUp()
  const guesses = many(index => ({
    username: `user ${index % 4}`,
    checkUrl: `https://api.example/${index % 2 ? 'me' : 'you'}`
  }))
  assert.equal(await guessInTurn(service, guesses), 20)
})

test('H10 V2 what is denied for all tenants does not count against the one that asked', async () => {
  const service = setUp()
  await guessInTurn(
    service,
    many(index => ({ tenant: `t${index}` }))
  )
  assert.equal(
    await guessInTurn(
      service,
      many(() => ({ tenant: 'own' }))
    ),
    0
  )
  service.clock.time += 61_000
  assert.equal(await guessInTurn(service, [{ tenant: 'own' }], 'right'), 1)
})
