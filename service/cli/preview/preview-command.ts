import type { Command, CommandOption } from '../command.ts'
import { OVERLAY } from '../document/overlay-option.ts'

const JSON_MODEL: CommandOption = { name: '--json', does: 'writes the whole model as JSON' }

export const previewCommand: Command = {
  name: 'preview',
  operands: ['DOC'],
  does: 'shows the types and mappings that would be installed',
  options: [OVERLAY, JSON_MODEL],
  examples: [
    'openapi-flow preview openapi.yaml',
    'openapi-flow preview sample:petstore',
    'openapi-flow preview sample:manifests/cursor --json'
  ],
  load: async () => {
    const { preview } = await import('./preview.ts')
    return ({ operands: [document = ''], has, values }, { settings, terminal }) => {
      const options = { json: has(JSON_MODEL), overlays: values(OVERLAY) }
      return preview(document, options, settings, terminal)
    }
  }
}
