import type { Command } from '../command.ts'

export const schemaCommand: Command = {
  name: 'schema',
  operands: [],
  does: 'writes the JSON Schema of the x-flow keys and of manifests, for editors',
  options: [],
  examples: [
    'openapi-flow schema > x-flow.json',
    'openapi-flow schema | jq .definitions.source',
    "openapi-flow schema > x-flow.json && echo '# yaml-language-server: $schema=./x-flow.json' | cat - openapi.yaml"
  ],
  load: async () => {
    const { editorSchemaText } = await import('../../vocabulary/editor-schema.ts')
    return async (_, { terminal }) => {
      terminal.out(editorSchemaText())
      return 0
    }
  }
}
