import type { Command } from '../command.ts'
import { CONFIGURATION_OPTIONS } from '../session/configuration-options.ts'
import { PARTITION } from './partition-option.ts'
import { COMMIT, DIRECTORY, PART, PLAN, QUEUE, readRunOptions, WORKERS } from './run-options.ts'

export const runFileCommand: Command = {
  name: 'run',
  operands: ['FILE'],
  does: "runs a manifest: writes its inputs' rows to its outputs, and prints what was written",
  options: [PLAN, PARTITION, DIRECTORY, PART, COMMIT, WORKERS, QUEUE, ...CONFIGURATION_OPTIONS],
  examples: [
    'openapi-flow run crm.yaml',
    'openapi-flow run crm.yaml --plan --partition by=id,from=1,to=1000001,count=16',
    'openapi-flow run crm.yaml --date 2026-01-31 > run.json'
  ],
  load: async () => {
    const { runPipeline } = await import('./run-pipeline.ts')
    return (input, context) => runPipeline(input, readRunOptions(input), context)
  }
}
