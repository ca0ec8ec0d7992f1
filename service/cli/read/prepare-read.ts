import { resolve } from 'node:path'

import type { Boundary } from '../../bulk/incremental-reader.ts'
import type { ReadIdentity, ResumePoint } from '../../bulk/resume-token.ts'
import { openResumePoint, sealResumePoint } from '../../bulk/resume-token.ts'
import { typeNamed } from '../../objects/type-lookup.ts'
import { listMapping } from '../../operations/list-mapping.ts'
import type { MappedEndpoint, Session } from '../../operations/session.ts'
import type { ListFilter } from '../../plan/types.ts'
import type { Sealer } from '../../store/sealer.ts'
import { createSealer, readKeys } from '../../store/sealer.ts'
import type { CommandContext } from '../command.ts'
import { realPlace } from '../document/real-place.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import type { StateIdentity } from './incremental-state.ts'
import { readIncrementalState } from './incremental-state.ts'
import { machineKey } from './machine-key.ts'
import { openOutFile } from './open-out-file.ts'
import type { ReadOptions } from './read-rows-command.ts'
import type { RowOutput } from './row-output.ts'
import { standardOutput } from './row-output.ts'

/** A read as it was typed. */
export type Read = {
  readonly document: string
  readonly typeName: string
  readonly filter: ListFilter
  readonly options: ReadOptions
  readonly session: Session
  readonly context: CommandContext
}

/** A read that goes on from the last complete one. */
export type IncrementalRead = {
  /** The file that keeps the boundary, and what it is of. */
  readonly state: string
  readonly identity: StateIdentity
  readonly field: string
  readonly param: string
  /** Null before the first complete read. */
  readonly last: Boundary | null
}

/** A read with all that it needs besides its list. */
export type PreparedRead = Read & {
  /** Null for a whole read. */
  readonly incremental: IncrementalRead | null
  /** Where it goes on; null for the start. */
  readonly point: ResumePoint | null
  readonly output: RowOutput
  readonly seal: (point: ResumePoint) => string
}

/**
 * Opens the state of an incremental read, the token of `--resume`, and the output.
 *
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING`; CommandError for a state, a token or a file that does not
 *   belong to the read, or cannot be read or written.
 */
export async function prepareRead(read: Read): Promise<PreparedRead> {
  const { session, typeName, filter, options, context } = read
  const { terminal, settings } = context
  const list = listMapping(session, typeNamed(session.model.types, typeName), filter)
  const incremental = await openIncremental(read, list)
  if (options.out !== null) await assertOwnFile(options.out, read, incremental)
  const sealer = createSealer(readKeys(settings.STORE_KEY) ?? [await machineKey()])
  const identity = identityOf(read, list, incremental?.last ?? null)
  const point = options.resume === null ? null : openPoint(sealer, options.resume, identity)
  const output = await openOutput(options.out, point, terminal)
  const seal = (next: ResumePoint): string => sealResumePoint(sealer, next, identity)
  return { ...read, incremental, point, output, seal }
}

/** Rows must not replace what the read needs. */
async function assertOwnFile(
  out: string,
  { document, context: { terminal } }: Read,
  incremental: IncrementalRead | null
): Promise<void> {
  const placeOf = (name: string): Promise<string> => realPlace(resolve(terminal.directory, name))
  const place = await placeOf(out)
  if (place === (await placeOf(document))) {
    throw new CommandError(`"${out}" is the document; name another file with --out`)
  }
  if (incremental !== null && place === (await placeOf(incremental.state))) {
    throw new CommandError(`"${out}" keeps the state of the read; name another file with --out`)
  }
}

/** The state of an incremental read; null for a whole read. */
export async function openIncremental(
  { filter, typeName, context }: Read,
  { mapping, answers }: MappedEndpoint
): Promise<IncrementalRead | null> {
  // What examples show is no news.
  if (mapping.incremental === undefined || !answers.takesParameters) return null
  const { field, param, state } = mapping.incremental
  const { where, search } = filter
  const identity = { type: typeName, endpoint: mapping.endpoint, field, param, where, search }
  const last = await readIncrementalState(state, identity, context.terminal)
  return { state, identity, field, param, last }
}

/** What two reads have in common if one goes on where the other stopped. */
function identityOf(
  { document, typeName, filter, options, session, context }: Read,
  { mapping, answers }: MappedEndpoint,
  last: Boundary | null
): ReadIdentity {
  const { where, order, search } = filter
  const { serverUrl, serverVariables } = session.access
  const { type: paging, positionParam, nextField } = answers.paging
  const isUrl = /^(https?|sample):/i.test(document)
  return {
    document: isUrl ? document : resolve(context.terminal.directory, document),
    overlays: session.caller.configuration['overlay url'] ?? '',
    ...{ serverUrl, serverVariables, type: typeName, endpoint: mapping.endpoint },
    ...{ paging, positionParam, nextField, where, order, search },
    ...{ columns: options.columns, format: options.format },
    since: last === null ? null : { value: last.value, rows: last.rows }
  }
}

function openPoint(sealer: Sealer, token: string, identity: ReadIdentity): ResumePoint {
  const point = openResumePoint(sealer, token, identity)
  if (point !== undefined) return point
  throw new CommandError(
    'the token of --resume does not open: it goes on only with the same document, type, conditions, order, columns and format, on the machine that made it or with the same STORE_KEY'
  )
}

async function openOutput(
  out: string | null,
  point: ResumePoint | null,
  terminal: Terminal
): Promise<RowOutput> {
  const isOfFile = point !== null && point.file !== null
  if (out === null && isOfFile) {
    throw new CommandError('the token of --resume goes on in a file: name it with --out')
  }
  if (out === null) return standardOutput(terminal)
  if (point !== null && !isOfFile && point.position.pages > 0) {
    throw new CommandError(
      'the token of --resume goes on in standard output: leave out --out, and append with >>'
    )
  }
  return openOutFile(out, point?.file ?? null, terminal)
}
