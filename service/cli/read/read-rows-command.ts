import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import type { Command, CommandInput, CommandOption } from '../command.ts'
import { OVERLAY } from '../document/overlay-option.ts'
import { CONFIGURATION_OPTIONS } from '../session/configuration-options.ts'
import { FILTER_OPTIONS } from '../session/filter-options.ts'
import { CommandError } from '../terminal.ts'

/** How rows are written. */
export const ROW_FORMATS = ['ndjson', 'csv', 'json'] as const

export type ReadOptions = {
  readonly format: (typeof ROW_FORMATS)[number]
  /** Null: standard output. */
  readonly out: string | null
  /** Empty: all. */
  readonly columns: readonly string[]
  readonly resume: string | null
  readonly isExplained: boolean
}

const FORMAT: CommandOption = {
  name: '--format',
  value: 'FORMAT',
  does: 'writes ndjson (default), csv, or a json array'
}
const OUT: CommandOption = {
  name: '--out',
  value: 'FILE',
  does: 'writes to a file, which appears when it is complete'
}
const COLUMNS: CommandOption = {
  name: '--columns',
  value: 'NAMES',
  repeats: true,
  does: 'writes only these, separated by commas, such as id,address.city'
}
const RESUME: CommandOption = {
  name: '--resume',
  value: 'TOKEN',
  does: 'goes on where a read was stopped that printed the token'
}
const EXPLAIN: CommandOption = {
  name: '--explain',
  does: 'shows what would be asked and what be evaluated here, and calls nothing'
}

export const readRowsCommand: Command = {
  name: 'read',
  operands: ['DOC', 'TYPE'],
  does: 'writes a whole list of a type as rows: NDJSON, CSV or JSON',
  options: [
    ...FILTER_OPTIONS,
    ...[COLUMNS, FORMAT, OUT, RESUME, EXPLAIN, OVERLAY],
    ...CONFIGURATION_OPTIONS
  ],
  examples: [
    'openapi-flow read openapi.yaml Pet > pets.ndjson',
    "openapi-flow read openapi.yaml Pet --where 'status=sold' --columns id,name --format csv",
    'openapi-flow read manifest.yaml customers --out customers.ndjson'
  ],
  load: async () => {
    const { readToOutput } = await import('./read-to-output.ts')
    return (input, context) => readToOutput(input, optionsOf(input), context)
  }
}

function optionsOf({ has, value, values }: CommandInput): ReadOptions {
  return {
    format: formatOf(value(FORMAT)),
    out: value(OUT) ?? null,
    columns: values(COLUMNS).flatMap(splitNames),
    resume: value(RESUME)?.trim() || null,
    isExplained: has(EXPLAIN)
  }
}

function formatOf(given = 'ndjson'): ReadOptions['format'] {
  const format = ROW_FORMATS.find(name => name === given.trim().toLowerCase())
  if (format !== undefined) return format
  const near = suggestion(nearest(given, ROW_FORMATS))
  throw new CommandError(
    `there is no format "${given}"${near}; there are ${ROW_FORMATS.join(', ')}`
  )
}

function splitNames(text: string): string[] {
  const names = text.split(',').map(name => name.trim())
  if (names.every(name => name !== '')) return names
  throw new CommandError(`--columns "${text}" has a blank name; give it as id,address.city`)
}
