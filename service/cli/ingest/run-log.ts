import { ConnectorError } from '../../errors.ts'
import type { Exchange } from '../../exchange/types.ts'
import type { LogLevel } from '../../ingest/workflow/workflow.ts'
import { levelOf, LOG_LEVELS } from '../../ingest/workflow/workflow.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { diagnosticLine } from '../diagnostic-line.ts'
import { shownText } from '../shown-text.ts'
import type { Terminal } from '../terminal.ts'

/** What a run says on standard error, as `loggerLevel` of its workflow file wants it. */
export type RunLog = {
  write(level: LogLevel, text: string): void
  diagnostic(diagnostic: Diagnostic): void
  /** An exchange whose calls are written at the level of debugging. */
  watch(exchange: Exchange): Exchange
}

const LEVEL_OF = { error: 'error', warning: 'warn', info: 'info' } as const

export function createRunLog(loggerLevel: string | undefined, terminal: Terminal): RunLog {
  const lowest = LOG_LEVELS.indexOf(levelOf(loggerLevel))
  const write = (level: LogLevel, text: string): void => {
    if (LOG_LEVELS.indexOf(level) >= lowest) terminal.err(shownText(text))
  }
  return {
    write,
    diagnostic(diagnostic) {
      const level = LEVEL_OF[diagnostic.severity]
      write(level, diagnosticLine(diagnostic))
      write(level, `    ${diagnostic.remedy}`)
    },
    watch: exchange => async (plan, context) => {
      const call = `${plan.method} ${new URL(plan.url).pathname}`
      try {
        const answer = await exchange(plan, context)
        write('debug', `${call} ${answer.status}`)
        return answer
      } catch (error) {
        const code = error instanceof ConnectorError ? error.code : 'failed'
        write('debug', `${call} ${code}`)
        throw error
      }
    }
  }
}
