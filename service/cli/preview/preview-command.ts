import type { Command, CommandOption } from '../command.ts'

const JSON_MODEL: CommandOption = { name: '--json', does: 'writes the whole model as JSON' }

export const previewCommand: Command = {
  name: 'preview',
  operands: ['DOC'],
  does: 'shows the types and mappings that would be installed',
  options: [JSON_MODEL],
  examples: [
    'openapi-flow preview openapi.yaml',
    'openapi-flow preview sample:petstore',
    'openapi-flow preview sample:manifests/cursor --json'
  ],
  load: async () => {
    const { preview } = await import('./preview.ts')
    return ({ operands: [document = ''], has }, { settings, terminal }) =>
      preview(document, { json: has(JSON_MODEL) }, settings, terminal)
  }
}
