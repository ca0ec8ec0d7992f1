import type { Command, CommandOption } from '../command.ts'
import { OVERLAY } from '../document/overlay-option.ts'

const JSON_CHANGES: CommandOption = { name: '--json', does: 'writes the changes as JSON' }

export const diffCommand: Command = {
  name: 'diff',
  operands: ['OLD', 'NEW'],
  does: 'lists what a new version of a document breaks in flows that use the old one',
  options: [OVERLAY, JSON_CHANGES],
  examples: [
    'openapi-flow diff https://api.example.com/openapi.json openapi.yaml',
    'openapi-flow diff v1.yaml v2.yaml --overlay ours.overlay.yaml --json',
    'openapi-flow diff v1.yaml v2.yaml || echo "flows would break"'
  ],
  load: async () => {
    const { diff } = await import('./diff.ts')
    return ({ operands: [old = '', now = ''], has, values }, context) =>
      diff(old, now, { json: has(JSON_CHANGES), overlays: values(OVERLAY) }, context)
  }
}
