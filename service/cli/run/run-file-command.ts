import type { Command } from '../command.ts'
import { CONFIGURATION_OPTIONS } from '../session/configuration-options.ts'

export const runFileCommand: Command = {
  name: 'run',
  operands: ['FILE'],
  does: "runs a manifest: writes its inputs' rows to its outputs, and prints what was written",
  options: CONFIGURATION_OPTIONS,
  examples: [
    'openapi-flow run crm.yaml',
    'openapi-flow run crm.yaml --config secrets.yaml',
    'openapi-flow run crm.yaml --date 2026-01-31 > run.json'
  ],
  load: async () => {
    const { runPipeline } = await import('./run-pipeline.ts')
    return runPipeline
  }
}
