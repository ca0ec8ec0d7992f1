import { errorCode } from '../base/error-code.ts'
import { StoreUnavailable } from './entry.ts'

/** A code for an error of a connection to Redis, without its message, which may quote the command. */
export function redisCode(error: unknown): string {
  if (isRedisReply(error)) return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR'
  if (error instanceof StoreUnavailable) return error.message
  const isTimeout = error instanceof Error && /timeout/i.test(error.message)
  return errorCode(error) ?? (isTimeout ? 'timeout' : 'closed')
}

/** Whether Redis has answered with an error. */
export function isRedisReply(error: unknown): error is Error & { readonly name: 'ReplyError' } {
  return error instanceof Error && error.name === 'ReplyError'
}

/**
 * Whether a server has become a replica. After a failover the name may have moved to another server: who reconnects looks
 * it up.
 */
export function isOfReplica(error: unknown): boolean {
  return redisCode(error) === 'READONLY'
}

/** Whether a server lets nobody in as this user, or not to what is asked, which does not pass by itself. */
export function isRefusedUser(code: string): boolean {
  return code === 'WRONGPASS' || code === 'NOAUTH' || code === 'NOPERM'
}
