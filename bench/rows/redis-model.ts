import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import { member, textMember } from '../../service/base/json.ts'
import { createRedis } from '../../service/store/create-redis.ts'
import type { BenchDocument } from '../bench-documents.ts'
import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { ratioOf } from '../bench-line.ts'
import { askConnector, loadBody, loadedObjects } from '../flow-request.ts'
import type { Started } from '../processes.ts'
import { withProcesses } from '../processes.ts'

const TARGET = 10
/** Milliseconds in which a Redis that has all that it gets is not given another key. */
const QUIET_MS = 1_000

/**
 * Row `redis-model`: the time of a replica's first load when another replica has put the model into a shared
 * Redis, and of that other replica's first load, which compiles. Both replicas are fresh. Both times include
 * a call of an API on this machine, and both loads have to return the same objects. The target is for the
 * first document.
 */
export async function measureRedisModel(
  documents: readonly BenchDocument[],
  bounds: Pick<BenchBounds, 'rounds'>,
  quietMs = QUIET_MS
): Promise<BenchLine[]> {
  const lines: BenchLine[] = []
  for (const document of documents) {
    lines.push(await redisLine(document, bounds.rounds, quietMs, lines.length === 0))
  }
  return lines
}

async function redisLine(
  document: BenchDocument,
  rounds: number,
  quietMs: number,
  isJudged: boolean
): Promise<BenchLine> {
  const figures = { ours: [] as number[], reference: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const { compiled, shared } = await firstLoads(document, quietMs)
    figures.reference.push(compiled)
    figures.ours.push(shared)
  }
  const ours = { name: 'from Redis', figures: figures.ours }
  const reference = { name: 'compiled', figures: figures.reference }
  const ratio = ratioOf(reference, ours)
  return {
    row: 'redis-model',
    what: `first load of a replica, ${document.name}`,
    unit: 'ms',
    ours,
    reference,
    ratio,
    target: `≥ ${TARGET}`,
    isMet: isJudged ? ratio >= TARGET : null
  }
}

function firstLoads(
  document: BenchDocument,
  quietMs: number
): Promise<{ readonly compiled: number; readonly shared: number }> {
  return withProcesses(async start => {
    const [redis, documents] = await Promise.all([
      start('./redis.ts'),
      start('./document-server.ts', document.file)
    ])
    const settings = [
      `REDIS_URL=${redis.url}`,
      `STORE_KEY=${randomBytes(32).toString('base64url')}`
    ]
    const [first, second] = await Promise.all([
      start('./connector.ts', ...settings),
      start('./connector.ts', ...settings)
    ])
    const configuration = {
      'Schema URL': `${documents.url}/files/0.json`,
      'Server URL': documents.url
    }
    await Promise.all([first, second].map(untilShared))
    const body = loadBody(configuration, document.listed, 20)
    const compiled = await askConnector(first.url, '/data', body)
    await untilQuiet(redis.url, quietMs)
    const shared = await askConnector(second.url, '/data', body)
    const objects = loadedObjects(compiled)
    assert.equal(objects.length, 1)
    assert.deepEqual(loadedObjects(shared), objects)
    return { compiled: compiled.milliseconds, shared: shared.milliseconds }
  })
}

/** A replica that has just started serves without Redis until it is there. */
async function untilShared({ url }: Started): Promise<void> {
  for (;;) {
    const health: unknown = await (await fetch(`${url}/health/ready`)).json()
    if (textMember(member(health, 'redis'), 'state') === 'ok') return
    await wait(20)
  }
}

/** A replica may write to Redis after it has answered. */
async function untilQuiet(url: string, quietMs: number): Promise<void> {
  const redis = createRedis(url)
  try {
    for (let before = -1, keys = await redis.dbsize(); keys !== before; ) {
      before = keys
      await wait(quietMs)
      keys = await redis.dbsize()
    }
  } finally {
    redis.disconnect()
  }
}
