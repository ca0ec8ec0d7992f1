import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import type { PartJob } from '../../bulk/job-queue.ts'
import type { Child } from '../../processes/child-process.ts'
import { isAlive, runLongTask, startChild, stopChild } from '../../processes/child-process.ts'
import type { PartHold } from '../../store/shared-runs.ts'
import type { CommandContext } from '../command.ts'
import type { RunQueue } from './open-run-queue.ts'
import { addWaiting } from './open-run-queue.ts'
import type { PartReply, PartTask } from './part-task.ts'
import { readPayload } from './run-payload.ts'

/** A source file in a checkout, a compiled one in the package, as this file. */
const PART_WORKER = new URL(`./part-worker${import.meta.url.slice(-3)}`, import.meta.url)

/** Memory limit of a process that performs parts (MB). */
const PART_MEMORY_MB = 2_048

/** How often a part is begun at most, by workers that die. */
const STARTS_MAX = 20

/** How often a worker asks whether a part is still its own (ms). */
const HELD_MS = 2_000

/** What performs parts on this machine. */
export type PartScope = CommandContext & {
  readonly queue: RunQueue
  /** Processes that wait for a part. */
  readonly idle: Child[]
  /** Ends the parts under way; others take them up again. */
  readonly stop: AbortSignal
}

/**
 * Performs a part of a run in another process, so that one that is busy holds up nothing else, and commits it if nobody
 * else has begun it since.
 *
 * @returns `waiting` when the worker was stopped meanwhile.
 * @throws Error where the process of the part ended; the part is to be begun again.
 */
export async function performPart(job: PartJob, scope: PartScope): Promise<'over' | 'waiting'> {
  const { queue, stop, terminal } = scope
  const { runs } = queue
  const hold: PartHold = { run: job.run, part: job.part, token: randomUUID() }
  const starts = await runs.begin(hold, job.round)
  if (starts === 0) return addLast(job, queue)
  const task = starts > STARTS_MAX ? null : await taskOf(hold, scope)
  if (task === null) {
    const why =
      starts > STARTS_MAX ? `it was begun ${STARTS_MAX} times` : 'its STORE_KEY is another'
    await runs.fail(hold, why)
    return 'over'
  }
  terminal.err(`${task.payload.name}: ${nameOf(task)} begins, run ${job.run}`)
  const reply = await inProcess(task, hold, scope)
  if (reply === 'stopped') {
    if (stop.aborted) return 'waiting'
    terminal.err(
      `${task.payload.name}: ${nameOf(task)} is stopped: somebody else has begun it since, or the run was cancelled`
    )
    return 'over'
  }
  if ('failure' in reply) {
    await runs.fail(hold, reply.failure)
    terminal.err(`${task.payload.name}: ${nameOf(task)} failed: ${reply.failure}`)
    return 'over'
  }
  const isCommitted = await runs.commit(hold, reply.result)
  const outcome = isCommitted ? 'is done' : 'is not committed: somebody else has begun it since'
  terminal.err(`${task.payload.name}: ${nameOf(task)} ${outcome}`)
  return addLast(job, queue)
}

function nameOf({ part, payload }: PartTask): string {
  const { length } = payload.parts
  return part === length ? 'the last step' : `part ${part} of ${length}`
}

/** The last part becomes a job when all others are done, also after a worker died between the two. */
async function addLast({ run, part }: PartJob, queue: RunQueue): Promise<'over'> {
  const found = await queue.runs.find(run)
  const last = (found?.parts ?? 0) - 1
  if (found !== null && part !== last && found.done === last) {
    await addWaiting(queue, found, [last])
  }
  return 'over'
}

/** Null for a run that is sealed with another key. */
async function taskOf(
  { run, part }: PartHold,
  { queue, settings, terminal }: PartScope
): Promise<PartTask | null> {
  const text = await queue.runs.text(run)
  if (text === undefined) return null
  const payload = readPayload(text)
  const isLast = part === payload.parts.length
  const results = isLast ? [...(await queue.runs.results(run)).values()] : []
  return { run, part, payload, settings, environment: s3Environment(terminal), results }
}

/** Who signs for S3 is a matter of each machine. */
function s3Environment({ environment }: CommandContext['terminal']): PartTask['environment'] {
  const names = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && /^(AWS_|HOME$|USERPROFILE$)/.test(name) ? [[name, value] as const] : []
  )
  return Object.fromEntries(names)
}

async function inProcess(
  task: PartTask,
  hold: PartHold,
  { queue, stop, terminal, idle }: PartScope
): Promise<PartReply | 'stopped'> {
  const child = idle.pop() ?? startPartProcess(terminal)
  const over = new AbortController()
  const onStop = (): void => void stopChild(child)
  stop.addEventListener('abort', onStop)
  void watchHold(child, hold, queue, over.signal)
  try {
    const isReady = !stop.aborted && (await child.ready) === 'ready'
    const outcome = isReady
      ? await runLongTask(child, task, notice => void queue.runs.tell(hold, notice))
      : null
    if (outcome !== null && typeof outcome === 'object') return replyOf(outcome.reply)
    if (stop.aborted || child.isStopping) return 'stopped'
    throw new Error('the process of a part has ended')
  } finally {
    over.abort()
    stop.removeEventListener('abort', onStop)
    if (isAlive(child) && !child.isStopping) idle.push(child)
  }
}

function startPartProcess({ err }: CommandContext['terminal']): Child {
  return startChild({
    ...{ worker: PART_WORKER, memoryMb: PART_MEMORY_MB },
    warn: message => err(`warning: ${message}`)
  })
}

/** Ends the process of a part that somebody else has begun since, or whose run was cancelled. */
async function watchHold(
  child: Child,
  hold: PartHold,
  { runs }: RunQueue,
  signal: AbortSignal
): Promise<void> {
  while (await wait(HELD_MS, true, { signal }).catch(() => false)) {
    // By then, the process may have another part.
    if (!(await runs.isHeld(hold)) && !signal.aborted) return stopChild(child)
  }
}

function replyOf(reply: unknown): PartReply {
  const isObject = typeof reply === 'object' && reply !== null
  if (isObject && 'failure' in reply) return { failure: String(reply.failure) }
  if (isObject && 'result' in reply) return { result: String(reply.result) }
  throw new Error('the process of a part sent a message that is no reply')
}
