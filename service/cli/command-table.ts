import { callCommand } from './call/call-command.ts'
import { checkCommand } from './check/check-command.ts'
import { completionCommand } from './completion/completion-command.ts'
import type { Command } from './command.ts'
import { inferCommand } from './infer/infer-command.ts'
import { previewCommand } from './preview/preview-command.ts'
import { serveCommand } from './serve/serve-command.ts'

/** The commands of `openapi-flow`, in the order of its help. */
export const COMMANDS: readonly Command[] = [
  serveCommand,
  checkCommand,
  previewCommand,
  inferCommand,
  callCommand,
  completionCommand
]
