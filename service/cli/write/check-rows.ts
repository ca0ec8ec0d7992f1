import { createHash } from 'node:crypto'

import type { InputRow } from '../../bulk/input-row.ts'
import { readCsv } from '../../bulk/read-csv.ts'
import { readNdjson } from '../../bulk/read-ndjson.ts'
import { readReject } from '../../bulk/reject-line.ts'
import { writtenColumns } from '../../bulk/row-columns.ts'
import type { WritableRow } from '../../bulk/row-turn.ts'
import { ConnectorError, suggestion } from '../../errors.ts'
import { nearest } from '../../base/nearest.ts'
import { unknownNames } from '../../objects/row-object.ts'
import { membersOf } from '../../objects/type-members.ts'
import type { RowTarget } from '../../operations/row-target.ts'
import { planRow } from '../../operations/row-target.ts'
import { shownText } from '../shown-text.ts'
import { CommandError } from '../terminal.ts'
import type { Input } from './open-input.ts'
import type { WriteOptions } from './write-rows-command.ts'

/** An input whose rows can all be sent. */
export type CheckedInput = {
  readonly rows: number
  /** Of all its bytes. */
  readonly hash: string
  /** Members of rows that the type does not have, with the nearest that it has, at most so many. */
  readonly unknown: readonly string[]
}

/** Faults and members that are named at most. */
const NAMED_MAX = 20

/** Problems that are those of a row. Any other is that of the document or the configuration. */
const ROW_PROBLEMS =
  /^(ROW_MISFIT|VALUE_INVALID|CHOICE_AMBIGUOUS|PARAMETER_|ID_|BODY_REQUIRED|MAPPING_MISSING)/

/**
 * Checks all rows before the first is sent.
 *
 * @throws CommandError that names the rows that cannot be sent, by their lines; ConnectorError for a column that the type
 *   does not have, and for what is wrong with every row.
 */
export async function checkRows(
  target: RowTarget,
  input: Input,
  format: WriteOptions['format'],
  signal: AbortSignal
): Promise<CheckedInput> {
  const hash = createHash('sha256')
  const faults: string[] = []
  const unknown = new Set<string>()
  let [rows, faultCount] = [0, 0]
  for await (const given of inputRows(target, input.bytes(hash), format)) {
    signal.throwIfAborted()
    rows++
    const fault = given.fault ?? (await faultOf(target, given.row))
    if (fault !== null && ++faultCount <= NAMED_MAX) {
      faults.push(`${input.name}:${given.line}: ${shownText(fault)}`)
    }
    if (given.row === undefined || unknown.size >= NAMED_MAX) continue
    for (const name of unknownNames(target.type, given.row)) unknown.add(name)
  }
  if (faultCount === 0) return { rows, hash: hash.digest('hex'), unknown: named(target, unknown) }
  const more = faultCount - faults.length
  const rest = more > 0 ? [`and ${more} more`] : []
  const count = faultCount === 1 ? 'a row' : `${faultCount} rows`
  throw new CommandError(
    [...faults, ...rest, `nothing was sent, because ${count} of ${rows} cannot be`].join('\n')
  )
}

/** The rows of a checked input. */
export async function* writableRows(
  target: RowTarget,
  input: Input,
  format: WriteOptions['format']
): AsyncGenerator<WritableRow, void, undefined> {
  for await (const given of inputRows(target, input.bytes(), format)) {
    if (given.fault !== undefined) await input.assertUnchanged()
    if (given.row === undefined)
      throw new CommandError(`${input.name}:${given.line}: ${given.fault}`)
    yield given
  }
  await input.assertUnchanged()
}

type ReadRow = InputRow & Pick<WritableRow, 'earlier'>

/** The rows of an input; of a file of rejects those that were rejected. */
async function* inputRows(
  { types, type }: RowTarget,
  bytes: AsyncIterable<Uint8Array>,
  format: WriteOptions['format']
): AsyncGenerator<ReadRow, void, undefined> {
  const rows =
    format === 'csv'
      ? readCsv(bytes, names => writtenColumns(types, typeOf(types, type), names))
      : readNdjson(bytes)
  // A type may have the members of a reject itself.
  const mayBeReject = !membersOf(type).names.has('row')
  for await (const given of rows) {
    const reject = given.row !== undefined && mayBeReject ? readReject(given.row) : null
    if (reject === null) yield { ...given, earlier: null }
    else {
      const { outcome, reason, row } = reject
      yield { line: given.line, row, earlier: { outcome, reason } }
    }
  }
}

function typeOf(types: RowTarget['types'], type: RowTarget['type']): RowTarget['type'] {
  return types.get(type.name) ?? type
}

async function faultOf(target: RowTarget, row: WritableRow['row']): Promise<string | null> {
  try {
    await planRow(target, row)
    return null
  } catch (error) {
    if (error instanceof RangeError) return 'the row is nested too deeply'
    if (!(error instanceof ConnectorError) || !ROW_PROBLEMS.test(error.code)) throw error
    return `${error.message} [${error.code}]`
  }
}

function named({ type }: RowTarget, unknown: ReadonlySet<string>): string[] {
  const names = [...membersOf(type).names]
  return [...unknown].map(name => `${shownText(name)}${suggestion(nearest(name, names))}`)
}
