import type { Command, CommandOption } from '../command.ts'

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
  does: 'writes what has changed since a catalog that --json or --ndjson wrote'
}

export const catalogCommand: Command = {
  name: 'catalog',
  operands: ['DOC'],
  does: 'lists the collections and endpoints of an API, and what these take and answer',
  options: [JSON_CATALOG, NDJSON, SERVICE, DOC_URL, SINCE],
  examples: [
    'openapi-flow catalog openapi.yaml',
    'openapi-flow catalog sample:petstore --json',
    'openapi-flow catalog https://api.example.com/openapi.json --since last.json'
  ],
  load: async () => {
    const { catalog } = await import('./catalog.ts')
    return ({ operands: [document = ''], has, value }, { settings, terminal }) => {
      const options = {
        json: has(JSON_CATALOG),
        ndjson: has(NDJSON),
        service: value(SERVICE),
        docUrl: value(DOC_URL),
        since: value(SINCE)
      }
      return catalog(document, options, settings, terminal)
    }
  }
}
