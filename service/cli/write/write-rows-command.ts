import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import type { Command, CommandInput, CommandOption } from '../command.ts'
import { INPUT } from '../document/read-input.ts'
import { CONFIGURATION_OPTIONS } from '../session/configuration-options.ts'
import { CommandError } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'

const INPUT_FORMATS = ['ndjson', 'csv'] as const

/** How rows are written to an API. */
export type WriteOptions = {
  /** Null: standard input. */
  readonly in: string | null
  readonly format: (typeof INPUT_FORMATS)[number]
  readonly rejects: string | null
  readonly ledger: string | null
  readonly concurrency: number
  /** 0: never. */
  readonly stopAfter: number
  readonly includesUnknown: boolean
  readonly isChecked: boolean
}

const IN: CommandOption = {
  name: '--in',
  value: 'FILE',
  does: 'reads the rows from a file in place of standard input'
}
const FORMAT: CommandOption = {
  name: '--format',
  value: 'FORMAT',
  does: 'reads ndjson or csv; without it the name of the file says which'
}
const REJECTS: CommandOption = {
  name: '--rejects',
  value: 'FILE',
  does: 'writes the rows that were not written, with reasons; the file can be given again as --in'
}
const LEDGER: CommandOption = {
  name: '--ledger',
  value: 'FILE',
  does: 'notes what becomes of each row, so that the same command goes on after a run that was stopped or killed'
}
const CONCURRENCY: CommandOption = {
  name: '--concurrency',
  value: 'N',
  does: 'sends at most N requests at once (4)'
}
const STOP_AFTER: CommandOption = {
  name: '--stop-after',
  value: 'N',
  does: 'stops after N requests one after another that saved nothing (20); 0: never'
}
const INCLUDE_UNKNOWN: CommandOption = {
  name: '--include-unknown',
  does: 'sends rows of a rejects file, too, that may have been written'
}
const CHECK: CommandOption = { name: '--check', does: 'checks the rows, and sends nothing' }

export const writeRowsCommand: Command = {
  name: 'write',
  operands: ['DOC', 'TYPE'],
  does: 'writes rows to an API: NDJSON or CSV, each accounted for',
  options: [
    ...[IN, FORMAT, REJECTS, LEDGER, CONCURRENCY, STOP_AFTER, INCLUDE_UNKNOWN, CHECK],
    ...CONFIGURATION_OPTIONS
  ],
  examples: [
    'openapi-flow write openapi.yaml Pet < pets.ndjson',
    'openapi-flow write crm.yaml contacts --in contacts.csv --ledger contacts.ledger --rejects rejects.ndjson',
    'openapi-flow write crm.yaml contacts --in rejects.ndjson'
  ],
  load: async () => {
    const { writeFromInput } = await import('./write-from-input.ts')
    return (input, context) => writeFromInput(input, optionsOf(input), context)
  }
}

/** Most requests at once to one API. */
const CONCURRENCY_MAX = 32

function optionsOf({ has, value }: CommandInput): WriteOptions {
  const given = value(IN) ?? INPUT
  const file = given === INPUT ? null : given
  return {
    in: file,
    format: formatOf(value(FORMAT) ?? (/\.csv$/i.test(file ?? '') ? 'csv' : 'ndjson')),
    rejects: value(REJECTS) ?? null,
    ledger: value(LEDGER) ?? null,
    concurrency: wholeNumber(CONCURRENCY, value(CONCURRENCY) ?? '4', 1, CONCURRENCY_MAX),
    stopAfter: wholeNumber(STOP_AFTER, value(STOP_AFTER) ?? '20', 0),
    includesUnknown: has(INCLUDE_UNKNOWN),
    isChecked: has(CHECK)
  }
}

function formatOf(given: string): WriteOptions['format'] {
  const format = INPUT_FORMATS.find(name => name === given.trim().toLowerCase())
  if (format !== undefined) return format
  const near = suggestion(nearest(given, INPUT_FORMATS))
  throw new CommandError(
    `there is no format "${given}"${near} of rows that are read; there are ${INPUT_FORMATS.join(', ')}`
  )
}
