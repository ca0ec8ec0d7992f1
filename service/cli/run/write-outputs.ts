import { toldNames } from '../../compiler/schema/told-names.ts'
import type { Records } from '../../model/connector-model.ts'
import type { ApiOutput } from '../../model/pipeline-output.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import type { RowTarget } from '../../operations/row-target.ts'
import { openRowTarget } from '../../operations/row-target.ts'
import type { Session } from '../../operations/session.ts'
import { writeSummary } from '../../bulk/write-progress.ts'
import type { CheckedInput } from '../write/check-rows.ts'
import { checkRows } from '../write/check-rows.ts'
import { CommandError } from '../terminal.ts'
import type { Input } from '../write/open-input.ts'
import type { WriteRun } from '../write/write-checked.ts'
import { startWriteProgress, watchedSession, writeChecked } from '../write/write-checked.ts'
import type { FileStore } from './file-store.ts'
import { openStoredRows } from './open-stored-rows.ts'
import { partBytes } from './part-bytes.ts'
import type { PartRecord } from './part-record.ts'
import type { PipelineRun } from './pipeline-run.ts'

/** What became of the rows of an output that is an endpoint, as the manifest of a run tells it. */
export type WrittenRows = {
  readonly name: string
  readonly input: string
  readonly format: 'rest_api'
  readonly rows: number
  readonly saved: number
  readonly failed: number
  readonly unknown: number
  /** Rows that had no turn. */
  readonly unsent: number
  readonly rejects: string
}

/** An output whose rows can all be sent. */
export type CheckedOutput = {
  readonly output: ApiOutput
  readonly target: RowTarget
  readonly input: Input
  readonly checked: CheckedInput
  readonly progress: WriteRun['progress']
}

/** Requests one after another that save nothing before a write stops. */
const STOP_AFTER = 20

/**
 * Checks all rows of an output before any output is changed.
 *
 * @throws CommandError that names rows that cannot be sent; ConnectorError for what is wrong with all of them.
 */
export async function checkOutput(
  run: PipelineRun,
  output: ApiOutput,
  store: FileStore,
  parts: readonly PartRecord[]
): Promise<CheckedOutput> {
  const { terminal, signal } = run
  const { type } = openStoredRows(run.session, output.input, store, parts)
  const progress = startWriteProgress()
  const session = watchedSession(withOutput(run.session, output, type), progress)
  const target = await openRowTarget(session, output.name)
  const input = inputOf(output.name, store, parts)
  const checked = await checkRows(target, input, 'ndjson', signal)
  if (output.type === null && checked.unknown.length > 0) {
    terminal.err(
      `warning: \`outputs.${output.name}\` has no field for these members of its rows, which are not sent: ${checked.unknown.join(', ')}`
    )
  }
  return { output, target, input, checked, progress }
}

/**
 * Writes the rows of an output, under a ledger in the directory of the run, so that the same command goes on.
 *
 * @throws CommandError for a ledger or a file of rejects that cannot be used, and where the write failed, which is told.
 */
export async function writeOutput(
  { signal, terminal }: PipelineRun,
  { output, target, input, checked, progress }: CheckedOutput,
  store: FileStore
): Promise<WrittenRows> {
  const { name, rejects, concurrency } = output
  const ledger = `${store.path}/ledger-${encodeURIComponent(name)}`
  const options = { format: 'ndjson', ledger, rejects, concurrency } as const
  const end = await writeChecked(target, input, checked, {
    options: { ...options, stopAfter: STOP_AFTER, includesUnknown: false },
    ...{ terminal, progress, signal }
  })
  if (end === null) {
    throw new CommandError(`not all rows of \`outputs.${name}\` are accounted for in "${rejects}"`)
  }
  if (end.stopped?.by === 'failures') terminal.err(`${name}: stopped: ${end.stopped.reason}`)
  terminal.err(`${name}: ${writeSummary(progress.now, performance.now())}`)
  const { saved, before, failed, unknown } = progress.now.counts
  const unsent = checked.rows - saved - before - failed - unknown
  return {
    ...{ name, input: output.input, format: 'rest_api', rows: checked.rows },
    ...{ saved: saved + before, failed, unknown, unsent, rejects }
  }
}

/**
 * A session with the endpoint of an output, whose requests are awaited when a run is stopped.
 *
 * @param ofInput Its properties are written where the output declares no fields.
 */
function withOutput(session: Session, output: ApiOutput, ofInput: TypeRecord): Session {
  const { model, caller } = session
  const { signal } = new AbortController()
  const type = output.type ?? typeOf(output, ofInput)
  return {
    ...session,
    signal,
    caller: { ...caller, deadline: { ...caller.deadline, signal } },
    model: {
      ...model,
      types: withRecord(model.types, type.name, type),
      endpoints: withRecord(model.endpoints, output.endpoint.key, output.endpoint),
      mappings: withRecord(model.mappings, output.mapping.key, output.mapping)
    }
  }
}

/** The type of an output that takes all fields of its input. */
function typeOf({ name, mapping }: ApiOutput, ofInput: TypeRecord): TypeRecord {
  const properties = ofInput.properties.map(property => ({ ...property, readOnly: false }))
  const { fields: _fields, ...type } = ofInput
  return {
    ...{ ...type, name, properties, mappings: { save: mapping.key } },
    toldIds: toldNames({ name, named: null, properties }, type.identity, [mapping])
  }
}

function withRecord<T>(records: Records<T>, key: string, record: T): Records<T> {
  return { get: name => (name === key ? record : records.get(name)), keys: () => records.keys() }
}

/** The rows of parts, one after another. */
function inputOf(name: string, store: FileStore, parts: readonly PartRecord[]): Input {
  return {
    name: `outputs.${name}`,
    inode: null,
    async *bytes(hash) {
      for (const part of parts) {
        for await (const chunk of partBytes(store, part)) {
          hash?.update(chunk)
          yield chunk
        }
      }
    },
    assertUnchanged: async () => {},
    close: async () => {}
  }
}
