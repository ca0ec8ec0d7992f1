import { ConnectorError } from '../errors.ts'
import { isRedisReply, redisCode } from '../store/redis-error.ts'
import { shownText } from './shown-text.ts'
import { CommandError } from './terminal.ts'

/** The message of an error of the user, the document, an API or the system; other messages are not shown. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConnectorError) {
    return `${shownText(error.message)} [${error.code}]\n    ${shownText(error.remedy)}`
  }
  if (!(error instanceof Error)) return 'the command failed'
  if (isRedisReply(error)) return `Redis refuses a command (${redisCode(error)})`
  const isForUser = error instanceof CommandError || error.name === 'SettingsError'
  return isForUser || 'code' in error ? error.message : 'the command failed'
}
