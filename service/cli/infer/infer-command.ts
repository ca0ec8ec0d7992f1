import type { Command, CommandOption } from '../command.ts'
import { OVERLAY } from '../document/overlay-option.ts'

const JSON_PROPOSAL: CommandOption = {
  name: '--json',
  does: 'writes the proposal as JSON, with what is left alone'
}
const ONLY: CommandOption = {
  name: '--only',
  value: 'PATTERN',
  repeats: true,
  does: 'looks only at operations with such a path or tag; `tag:` and `path:` say which'
}
const EXCLUDE: CommandOption = {
  name: '--exclude',
  value: 'PATTERN',
  repeats: true,
  does: 'leaves out operations with such a path or tag'
}

export const inferCommand: Command = {
  name: 'infer',
  operands: ['DOC'],
  does: 'proposes types and mappings for a document, as an overlay with reasons',
  options: [OVERLAY, JSON_PROPOSAL, ONLY, EXCLUDE],
  examples: [
    'openapi-flow infer openapi.yaml > overlay.yaml',
    'openapi-flow infer openapi.yaml --only tag:pets --exclude /internal',
    'openapi-flow infer openapi.yaml --json'
  ],
  load: async () => {
    const { infer } = await import('./infer.ts')
    return ({ operands: [document = ''], has, values }, { settings, terminal }) => {
      const options = {
        json: has(JSON_PROPOSAL),
        overlays: values(OVERLAY),
        include: values(ONLY),
        exclude: values(EXCLUDE)
      }
      return infer(document, options, settings, terminal)
    }
  }
}
