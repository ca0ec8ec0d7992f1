import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { evictionPolicy, openJobRedis } from '../../service/store/job-redis.ts'
import type { PartHold } from '../../service/store/shared-runs.ts'
import { createSharedRuns } from '../../service/store/shared-runs.ts'
import { closedPort } from '../support/start-upstream.ts'
import { redisUrl, startRedis } from '../support/start-redis.ts'
import { newSealer } from './replica.ts'

const TIME_MS = 10_000

/** A run of three parts, the last of which needs the others. */
async function startRun(t: TestContext) {
  const redis = await openJobRedis(await redisUrl(t), TIME_MS)
  t.after(() => redis.disconnect())
  const sealer = newSealer()
  const runs = createSharedRuns(redis, sealer)
  const id = randomUUID()
  await runs.create({ id, name: 'crm.yaml', at: Date.now(), parts: 3 }, 'a secret')
  const hold = (part: number, token = randomUUID()): PartHold => ({ run: id, part, token })
  const begun = async (part: number): Promise<PartHold> => {
    const held = hold(part)
    assert.ok((await runs.begin(held, 0)) > 0)
    return held
  }
  const states = async () => (await runs.parts(id)).map(({ state }) => state).join(' ')
  return { redis, runs, id, hold, begun, states }
}

test('C31 only who began a part last commits it', async t => {
  const { runs, id, begun, states } = await startRun(t)
  const [late, latest] = [await begun(0), await begun(0)]
  assert.deepEqual([await runs.isHeld(late), await runs.isHeld(latest)], [false, true])
  assert.equal(await runs.commit(late, 'theirs'), false)
  await runs.fail(late, 'it woke up')
  assert.equal(await runs.commit(latest, 'ours'), true)
  assert.equal(await runs.commit(latest, 'ours'), true, 'a command may be sent twice')
  assert.equal(await runs.commit(late, 'theirs'), false)
  assert.deepEqual(await runs.results(id), new Map([[0, 'ours']]))
  assert.equal(await states(), 'done waiting waiting')
  assert.deepEqual([(await runs.find(id))?.done, (await runs.parts(id))[0]?.starts], [1, 2])
})

test('C31 a part that is done is not begun again, and the last one not before the others', async t => {
  const { runs, hold, begun } = await startRun(t)
  assert.equal(await runs.begin(hold(2), 0), 0)
  await runs.commit(await begun(0), '')
  assert.equal(await runs.begin(hold(0), 0), 0)
  assert.equal(await runs.begin(hold(2), 0), 0)
  await runs.commit(await begun(1), '')
  assert.equal(await runs.begin(hold(2), 0), 1)
})

test('C31 a paused run begins nothing, and goes on in a round of its own', async t => {
  const { runs, id, hold, begun, states } = await startRun(t)
  const running = await begun(0)
  await runs.set(id, 'paused')
  assert.equal(await runs.begin(hold(1), 0), 0)
  assert.equal(await runs.commit(running, 'kept'), true)
  assert.deepEqual(await runs.again(id, false), [1, 2])
  assert.equal(await runs.begin(hold(1), 0), 0, 'a job from before')
  assert.equal(await runs.begin(hold(1), 1), 1)
  assert.equal(await states(), 'done running waiting')
  assert.equal(await runs.begin(hold(1), 0), 2, 'a job whose worker died')
})

test('C31 a cancelled run commits nothing and does not go on', async t => {
  const { runs, id, hold, begun } = await startRun(t)
  const running = await begun(0)
  await runs.set(id, 'cancelled')
  assert.equal(await runs.isHeld(running), false)
  assert.equal(await runs.commit(running, ''), false)
  assert.deepEqual(await runs.again(id, true), [])
  assert.equal(await runs.begin(hold(1), 0), 0)
})

test('C31 parts that failed are begun again on demand alone', async t => {
  const { runs, id, hold, begun, states } = await startRun(t)
  await runs.fail(await begun(0), 'the API is down')
  assert.deepEqual((await runs.parts(id))[0]?.reason, 'the API is down')
  assert.equal(await runs.begin(hold(0), 0), 0)
  assert.deepEqual(await runs.again(id, false), [1, 2])
  assert.equal((await runs.find(id))?.failed, 1)
  assert.deepEqual(await runs.again(id, true), [0, 1, 2])
  assert.deepEqual([(await runs.find(id))?.failed, await states()], [0, 'waiting waiting waiting'])
  assert.equal(await runs.begin(hold(0), 2), 1)
})

test('C31 B11 what a run has of secrets and results is sealed in Redis', async t => {
  const { redis, runs, id, begun } = await startRun(t)
  await runs.commit(await begun(0), 'part-0.ndjson')
  const kept = JSON.stringify(await redis.hgetall(`openapi-flow:run:${id}`))
  assert.ok(!kept.includes('a secret') && !kept.includes('part-0'))
  assert.equal(await runs.text(id), 'a secret')
  const other = createSharedRuns(redis, newSealer())
  assert.equal(await other.text(id), undefined)
  await redis.hset(`openapi-flow:run:${id}`, 'r0', 'forged')
  assert.deepEqual(await runs.results(id), new Map())
})

test('C31 a run that Redis has lost begins and commits nothing', async t => {
  const { redis, runs, id, hold, begun } = await startRun(t)
  const held = await begun(0)
  await redis.del(`openapi-flow:run:${id}`)
  assert.equal(await runs.commit(held, ''), false)
  await runs.tell(held, '{}')
  assert.deepEqual([await runs.begin(hold(1), 0), await runs.find(id)], [0, null])
  assert.deepEqual(await runs.again(id, true), [])
  assert.ok((await runs.list()).every(run => run.id !== id))
})

test('C31 runs are listed from the newest on', async t => {
  const { runs, id } = await startRun(t)
  const newer = randomUUID()
  await runs.create({ id: newer, name: 'b.yaml', at: Date.now() + 1_000, parts: 1 }, '')
  await runs.create({ id, name: 'again', at: 0, parts: 1 }, 'other')
  assert.deepEqual([(await runs.find(id))?.name, await runs.text(id)], ['crm.yaml', 'a secret'])
  const ids = (await runs.list()).map(run => run.id).filter(each => each === id || each === newer)
  assert.deepEqual(ids, [newer, id])
})

test('C31 jobs say what Redis does when its memory is full, and that there is none', async t => {
  const { url } = await startRedis(t, { 'maxmemory-policy': 'allkeys-lru' })
  const redis = await openJobRedis(url, TIME_MS)
  assert.equal(await evictionPolicy(redis), 'allkeys-lru')
  redis.disconnect()
  await assert.rejects(openJobRedis(`redis://${await closedPort()}`, 300), {
    message: 'ECONNREFUSED'
  })
})

test('C31 jobs wait for a Redis that comes up in time', async t => {
  const server = await startRedis(t)
  await server.kill()
  const opening = openJobRedis(server.url, TIME_MS)
  // The first attempt is refused.
  await assert.rejects(openJobRedis(server.url, 300), { message: 'ECONNREFUSED' })
  await server.restart()
  const redis = await opening
  assert.equal(await redis.ping(), 'PONG')
  redis.disconnect()
})

test('C31 jobs are told at once that a password is wrong, or that one is missing', async t => {
  const { url, client } = await startRedis(t)
  await client.acl('SETUSER', 'worker', 'on', '>right', '+@all', '~*')
  const other = openJobRedis(url.replace('//', '//worker:wrong@'), TIME_MS)
  await assert.rejects(other, { message: 'WRONGPASS' })
  const redis = await openJobRedis(url.replace('//', '//worker:right@'), TIME_MS)
  await client.acl('SETUSER', 'worker', '-info')
  await assert.rejects(evictionPolicy(redis), { message: 'NOPERM' })
  redis.disconnect()
  const { url: locked } = await startRedis(t, { requirepass: 'secret' })
  await assert.rejects(openJobRedis(locked, TIME_MS), { message: 'NOAUTH' })
})

test('C31 jobs go on after a failover, at the server that takes writes', async t => {
  const { url, client } = await startRedis(t)
  const redis = await openJobRedis(url, TIME_MS)
  t.after(() => redis.disconnect())
  await client.replicaof('127.0.0.1', '1')
  redis.once('close', () => void client.replicaof('NO', 'ONE'))
  assert.equal(await redis.set('key', 'value'), 'OK')
})
