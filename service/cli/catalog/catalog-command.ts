import type { Command, CommandInput, CommandOption } from '../command.ts'
import { OVERLAY } from '../document/overlay-option.ts'
import { PATTERN_OPTIONS, readPatternOptions } from '../document/pattern-options.ts'
import { CommandError } from '../terminal.ts'

const JSON_CATALOG: CommandOption = { name: '--json', does: 'writes the whole catalog as JSON' }
const NDJSON: CommandOption = {
  name: '--ndjson',
  does: 'writes one line of JSON for the service and for each collection and endpoint'
}
const SERVICE: CommandOption = {
  name: '--service',
  value: 'NAME',
  does: 'names the service; else it has the title of the document'
}
const DOC_URL: CommandOption = {
  name: '--doc-url',
  value: 'URL',
  does: 'links to this page of documentation, as Swagger UI has its links; else to the document'
}
const SINCE: CommandOption = {
  name: '--since',
  value: 'FILE',
  does: 'writes what has changed since a catalog that --json or --ndjson wrote; with --config, since the last run'
}
const WORKFLOW: CommandOption = {
  name: '--config',
  short: '-c',
  value: 'FILE',
  does: 'runs a workflow file of `metadata ingest`, which pushes the catalog to OpenMetadata'
}
const SECRETS: CommandOption = {
  name: '--secrets',
  value: 'FILE',
  does: 'has the secrets that the workflow file names `secret:NAME`; else the environment has them'
}
const DRY: CommandOption = {
  name: '--dry-run',
  does: 'shows what the workflow would send, and sends nothing'
}
const TEST: CommandOption = {
  name: '--test-connection',
  does: 'tests whether the document of the workflow can be read, and ends'
}

export const catalogCommand: Command = {
  name: 'catalog',
  operands: ['[DOC]'],
  does: 'lists the collections and endpoints of an API, and what these take and answer',
  options: [
    ...[JSON_CATALOG, NDJSON, SERVICE, DOC_URL, OVERLAY, ...PATTERN_OPTIONS, SINCE],
    ...[WORKFLOW, SECRETS, DRY, TEST]
  ],
  examples: [
    'openapi-flow catalog openapi.yaml',
    'openapi-flow catalog sample:petstore --json',
    'openapi-flow catalog openapi.yaml --only tag:pets --exclude /internal',
    'openapi-flow catalog https://api.example.com/openapi.json --since last.json',
    'openapi-flow catalog -c workflow.yaml --dry-run'
  ],
  load: async () => {
    return async (input, context) => {
      const {
        operands: [document],
        has,
        value,
        values
      } = input
      const workflow = value(WORKFLOW)
      refuseOthers(input, document)
      if (workflow !== undefined) {
        const { ingest } = await import('../ingest/ingest.ts')
        const options = {
          secrets: value(SECRETS),
          isDry: has(DRY),
          isTest: has(TEST),
          since: value(SINCE),
          isJson: has(JSON_CATALOG)
        }
        return ingest(workflow, options, context)
      }
      const { catalog } = await import('./catalog.ts')
      const options = {
        json: has(JSON_CATALOG),
        ndjson: has(NDJSON),
        service: value(SERVICE),
        docUrl: value(DOC_URL),
        overlays: values(OVERLAY),
        patterns: readPatternOptions(input),
        since: value(SINCE)
      }
      return catalog(document ?? '', options, context.settings, context.terminal)
    }
  }
}

/** Options of a document, and of a workflow file. */
const OF_DOCUMENT = [NDJSON, SERVICE, DOC_URL, OVERLAY, ...PATTERN_OPTIONS]
const OF_WORKFLOW = [SECRETS, DRY, TEST]

/** @throws CommandError for what does not go together. */
function refuseOthers({ has }: CommandInput, document: string | undefined): void {
  const isWorkflow = has(WORKFLOW)
  if (isWorkflow === (document !== undefined)) {
    throw new CommandError('openapi-flow catalog takes either DOC or --config FILE')
  }
  const other = (isWorkflow ? OF_DOCUMENT : OF_WORKFLOW).find(has)
  if (other === undefined) return
  const needed = isWorkflow ? 'goes with DOC, not with --config' : 'goes with --config FILE'
  throw new CommandError(`${other.name} ${needed}`)
}
