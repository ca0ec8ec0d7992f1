import { VERBS } from '../../model/mapping-record.ts'
import type { Command, CommandInput, CommandOption } from '../command.ts'
import { OVERLAY } from '../document/overlay-option.ts'
import { CONFIGURATION_OPTIONS } from '../session/configuration-options.ts'
import { FILTER_OPTIONS } from '../session/filter-options.ts'

const ID: CommandOption = { name: '--id', value: 'ID', does: 'names one object by its external id' }
const SET: CommandOption = {
  name: '--set',
  value: 'NAME=VALUE',
  repeats: true,
  does: "sets a property of the object that is saved; of a nested one 'address.city=Rome'"
}
const EXAMPLE: CommandOption = {
  name: '--example',
  does: 'is answered by the examples of the document, as with `Responses: example`'
}
const SAMPLES: CommandOption = {
  name: '--samples',
  does: 'reads with the sample values of the document where nothing else fills a required parameter'
}
const EXPLAIN: CommandOption = {
  name: '--explain',
  does: 'shows the request that would be sent first, and what of a filter is evaluated here; sends nothing'
}
const JSON_OBJECTS: CommandOption = { name: '--json', does: 'writes the objects as JSON' }

/** The options of a call, as they were typed. */
export type CallOptions = {
  readonly id: string | null
  readonly set: readonly string[]
  readonly isExample: boolean
  /** Sample values of the document are sent where nothing else fills a required parameter. */
  readonly isSampled: boolean
  readonly isExplained: boolean
  readonly isJson: boolean
}

export const callCommand: Command = {
  name: 'call',
  operands: ['DOC', 'TYPE', 'VERB'],
  does: `does what a flow does with a type: ${VERBS.join(', ')}`,
  options: [
    ...[ID, ...FILTER_OPTIONS, SET, EXAMPLE, SAMPLES, EXPLAIN, JSON_OBJECTS, OVERLAY],
    ...CONFIGURATION_OPTIONS
  ],
  examples: [
    "openapi-flow call openapi.yaml Pet query --where 'status=available' --limit 5",
    'openapi-flow call openapi.yaml Pet save --set name=Rex --set status=sold --explain',
    'openapi-flow call sample:petstore Pet load --id 1 --example --json'
  ],
  load: async () => {
    const { call } = await import('./call.ts')
    return (input, context) => call(input, optionsOf(input), context)
  }
}

function optionsOf({ has, value, values }: CommandInput): CallOptions {
  return {
    id: value(ID)?.trim() || null,
    set: values(SET),
    isExample: has(EXAMPLE),
    isSampled: has(SAMPLES),
    isExplained: has(EXPLAIN),
    isJson: has(JSON_OBJECTS)
  }
}
