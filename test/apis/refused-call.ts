import type { FastifyInstance } from 'fastify'

import type { FakeRefusal } from './start-fake-api.ts'

/** Thrown by a route of a fake API that refuses a call. */
export class RefusedCall extends Error {
  readonly refusal: FakeRefusal

  constructor(refusal: FakeRefusal) {
    super(`refused with ${refusal.status}`)
    this.refusal = refusal
  }
}

/** Answers with what the routes of a fake API throw, and to paths that it does not have with `notFound`. */
export function answerRefusals(app: FastifyInstance, notFound: FakeRefusal): void {
  app.setNotFoundHandler(() => {
    throw new RefusedCall(notFound)
  })
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof RefusedCall)) throw error
    const { status, headers = {}, body } = error.refusal
    return reply.code(status).headers(headers).send(body)
  })
}
