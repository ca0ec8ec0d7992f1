import { createHash, randomUUID } from 'node:crypto'

import { canonicalJson, isJsonObject } from '../../base/json.ts'
import type { JsonValue } from '../../base/json.ts'
import { parseJson } from '../../base/exact-number.ts'
import type { RunPart } from '../../bulk/partition.ts'
import { RUN_DATE } from '../../model/template.ts'
import { CommandError } from '../terminal.ts'
import type { FileStore } from './file-store.ts'
import { storedText } from './file-store.ts'
import type { PipelineRun } from './pipeline-run.ts'
import { isLive } from './plan-parts.ts'

/** Which run a directory belongs to. Plain JSON. */
export type RunHead = {
  readonly run: string
  readonly startedAt: string
  /** How many parts it has. */
  readonly parts: number
  /** The hash of the manifest and of all that its parts depend on. */
  readonly plan: string
}

const HEAD = 'head.json'

/**
 * Begins a run in a directory, or goes on with the one that it belongs to.
 *
 * @param cut The parts of the run.
 * @throws CommandError for the directory of another run.
 */
export async function beginRun(
  store: FileStore,
  pipeline: PipelineRun,
  cut: readonly RunPart[]
): Promise<RunHead> {
  const parts = cut.length
  const hash = planHash(pipeline, cut)
  const [run, startedAt] = [randomUUID(), new Date().toISOString()]
  const head: RunHead = { run, startedAt, parts, plan: hash }
  if (await store.put(HEAD, `${JSON.stringify(head)}\n`, run)) return head
  const found = readHead(await storedText(store, HEAD))
  if (found === null)
    throw new CommandError(
      `"${store.name}" is no directory of a run: its "${HEAD}" cannot be read; name another directory with --dir`
    )
  if (found.plan === hash) return found
  throw new CommandError(
    `"${store.name}" belongs to a run of another manifest, partition or date, or with other values of variables; name another directory with --dir, or remove it`
  )
}

/** The run that a directory belongs to; null for none. */
export async function readRunHead(store: FileStore): Promise<RunHead | null> {
  const files = await store.list('')
  return files.includes(HEAD) ? readHead(await storedText(store, HEAD)) : null
}

/** A hash of what two commands of one run have in common. */
function planHash({ document, pipeline, session }: PipelineRun, parts: readonly RunPart[]): string {
  const { variables: given, serverUrl } = session.access
  const plain = pipeline.variables.map(name => [name, given[name] ?? null] as const)
  const variables = Object.fromEntries([...plain, [RUN_DATE, given[RUN_DATE] ?? '']])
  const examples = pipeline.inputs.filter(({ name }) => !isLive(session, name))
  const plan = {
    ...{ manifest: document.root, parts, variables, server: serverUrl ?? '' },
    examples: examples.map(({ name }) => name)
  }
  const text = canonicalJson(JSON.parse(JSON.stringify(plan)))
  return createHash('sha256').update(text).digest('hex')
}

function readHead(text: string): RunHead | null {
  let value: JsonValue
  try {
    value = parseJson(text)
  } catch {
    return null
  }
  if (!isJsonObject(value)) return null
  const { run, startedAt, parts, plan } = value
  const isWhole = typeof run === 'string' && typeof startedAt === 'string'
  if (!isWhole || typeof parts !== 'number' || typeof plan !== 'string') return null
  return { run, startedAt, parts, plan }
}
