import type { CommandInput, CommandOption } from '../command.ts'
import { CommandError } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'

export const PLAN: CommandOption = {
  name: '--plan',
  does: 'prints the parts of the run as JSON, with the calls that are to be expected; calls nothing'
}
export const DIRECTORY: CommandOption = {
  name: '--dir',
  value: 'DIR',
  does: 'keeps parts and ledgers in a directory, also of s3://, so that the same command goes on'
}
export const PART: CommandOption = {
  name: '--part',
  value: 'I/N',
  does: 'reads only every Nth part from the Ith on, counted from 0, and leaves the outputs to --commit'
}
export const COMMIT: CommandOption = {
  name: '--commit',
  does: 'writes the outputs from the parts in --dir'
}

export const WORKERS: CommandOption = {
  name: '--workers',
  value: 'N',
  does: 'reads N parts at once, each in a process of its own, under one rate limit'
}
export const QUEUE: CommandOption = {
  name: '--queue',
  does: 'gives the parts to workers through Redis, and waits for them; --dir is a directory of all of them'
}

/** How a pipeline is run. */
export type RunOptions = {
  /** Null: none, or that of the manifest where one is needed. */
  readonly directory: string | null
  readonly isPlanned: boolean
  /** Which of the parts are read; null for all. */
  readonly share: { readonly index: number; readonly of: number } | null
  /** Whether the parts are there, and the outputs are written. */
  readonly isCommit: boolean
  /** Whether workers perform it. */
  readonly isQueued: boolean
  /** How many parts are read at once, in processes of their own; null: one after another, in this one. */
  readonly workers: number | null
}

/** Most parts that one machine reads at once. */
const WORKERS_MAX = 64

/** @throws CommandError for a wrong value, and for options that do not go together. */
export function readRunOptions({ has, value }: CommandInput): RunOptions {
  const directory = value(DIRECTORY) ?? null
  const share = shareOf(value(PART))
  const isCommit = has(COMMIT)
  const isQueued = has(QUEUE)
  if (directory === null && (share !== null || isCommit || isQueued)) {
    const { name } = isQueued ? QUEUE : isCommit ? COMMIT : PART
    throw new CommandError(`${name} needs --dir DIR, the directory that all parts of the run share`)
  }
  if (share !== null && isCommit) throw new CommandError('--part and --commit do not go together')
  if (isQueued && (share !== null || isCommit)) {
    throw new CommandError(`--queue and ${isCommit ? '--commit' : '--part'} do not go together`)
  }
  const given = value(WORKERS)
  const workers = given === undefined ? null : wholeNumber(WORKERS, given, 1, WORKERS_MAX)
  if (workers !== null && (isCommit || isQueued)) {
    throw new CommandError(`--workers and ${isCommit ? '--commit' : '--queue'} do not go together`)
  }
  return { directory, isPlanned: has(PLAN), share, isCommit, isQueued, workers }
}

function shareOf(text: string | undefined): RunOptions['share'] {
  if (text === undefined) return null
  const [, index, of] = /^(\d{1,9})\/(\d{1,9})$/.exec(text.trim()) ?? []
  if (index !== undefined && of !== undefined && Number(index) < Number(of)) {
    return { index: Number(index), of: Number(of) }
  }
  throw new CommandError(`--part "${text}" is no I/N with I from 0 to N-1, such as 0/16`)
}
