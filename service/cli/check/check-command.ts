import type { Command, CommandOption } from '../command.ts'

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
  options: [STRICT, JSON_LINES, OFFLINE],
  examples: [
    'openapi-flow check openapi.yaml',
    'openapi-flow check https://api.example.com/openapi.json --strict',
    'openapi-flow check sample:petstore --json'
  ],
  load: async () => {
    const { check } = await import('./check.ts')
    return ({ operands: [document = ''], has }, { settings, terminal }) => {
      const options = { strict: has(STRICT), json: has(JSON_LINES), offline: has(OFFLINE) }
      return check(document, options, settings, terminal)
    }
  }
}
