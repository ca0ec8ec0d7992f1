import type { Command, CommandOption } from '../command.ts'
import { OVERLAY } from '../document/overlay-option.ts'
import { PATTERN_OPTIONS, readPatternOptions } from '../document/pattern-options.ts'

const JSON_PROPOSAL: CommandOption = {
  name: '--json',
  does: 'writes the proposal as JSON, with what is left alone'
}

export const inferCommand: Command = {
  name: 'infer',
  operands: ['DOC'],
  does: 'proposes types and mappings for a document, as an overlay with reasons',
  options: [OVERLAY, JSON_PROPOSAL, ...PATTERN_OPTIONS],
  examples: [
    'openapi-flow infer openapi.yaml > overlay.yaml',
    'openapi-flow infer openapi.yaml --only tag:pets --exclude /internal',
    'openapi-flow infer openapi.yaml --json'
  ],
  load: async () => {
    const { infer } = await import('./infer.ts')
    return (input, { settings, terminal }) => {
      const {
        operands: [document = ''],
        has,
        values
      } = input
      const options = {
        json: has(JSON_PROPOSAL),
        overlays: values(OVERLAY),
        ...readPatternOptions(input)
      }
      return infer(document, options, settings, terminal)
    }
  }
}
