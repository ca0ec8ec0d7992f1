import type { FastifyRequest } from 'fastify'

import type { Caller } from '../operations/types.ts'
import type { CallerBody } from '../protocol/caller.ts'
import { readCaller } from '../protocol/caller.ts'
import { knownConfiguration } from './known-configurations.ts'

/**
 * The caller of a flow request, with its deadline.
 *
 * @throws TypeError on a route with `isFlow: false`.
 */
export function callerOf({ headers, owner, deadline }: FastifyRequest, body: CallerBody): Caller {
  if (owner === null || deadline === null) throw new TypeError('the route is not a flow route')
  return readCaller({ headers, body, owner, deadline, configurationOf: knownConfiguration })
}
