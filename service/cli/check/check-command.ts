import type { Command, CommandOption } from '../command.ts'
import { OVERLAY } from '../document/overlay-option.ts'

const STRICT: CommandOption = { name: '--strict', does: 'treats warnings as errors' }
const JSON_LINES: CommandOption = { name: '--json', does: 'writes the diagnostics as JSON' }
const OFFLINE: CommandOption = {
  name: '--offline',
  does: 'calls no address of a login; others are tried without a password'
}

export const checkCommand: Command = {
  name: 'check',
  operands: ['DOC'],
  does: 'lists the diagnostics of a document, and how its lists are paged',
  options: [OVERLAY, STRICT, JSON_LINES, OFFLINE],
  examples: [
    'openapi-flow check openapi.yaml',
    'openapi-flow check https://api.example.com/openapi.json --strict',
    'openapi-flow check vendor.json --overlay ours.overlay.yaml',
    'openapi-flow check sample:petstore --json'
  ],
  load: async () => {
    const { check } = await import('./check.ts')
    return ({ operands: [document = ''], has, values }, { settings, terminal }) => {
      const options = {
        ...{ strict: has(STRICT), json: has(JSON_LINES), offline: has(OFFLINE) },
        overlays: values(OVERLAY)
      }
      return check(document, options, settings, terminal)
    }
  }
}
