import { callCommand } from './call/call-command.ts'
import { catalogCommand } from './catalog/catalog-command.ts'
import { checkCommand } from './check/check-command.ts'
import { completionCommand } from './completion/completion-command.ts'
import type { Command } from './command.ts'
import { inferCommand } from './infer/infer-command.ts'
import { diffCommand } from './diff/diff-command.ts'
import { previewCommand } from './preview/preview-command.ts'
import { schemaCommand } from './schema/schema-command.ts'
import { jobsCommand } from './queue/jobs-command.ts'
import { workerCommand } from './queue/worker-command.ts'
import { readRowsCommand } from './read/read-rows-command.ts'
import { runFileCommand } from './run/run-file-command.ts'
import { serveCommand } from './serve/serve-command.ts'
import { writeRowsCommand } from './write/write-rows-command.ts'

/** The commands of `openapi-flow`, in the order of its help. */
export const COMMANDS: readonly Command[] = [
  serveCommand,
  checkCommand,
  previewCommand,
  inferCommand,
  callCommand,
  catalogCommand,
  diffCommand,
  schemaCommand,
  readRowsCommand,
  runFileCommand,
  workerCommand,
  jobsCommand,
  writeRowsCommand,
  completionCommand
]
