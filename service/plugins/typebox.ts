import type { Readable } from 'node:stream'

import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault
} from 'fastify'
import Type, { type Static, type TSchema } from 'typebox'

import { bodyValidator } from '../protocol/body-validator.ts'
import { WrittenAnswer } from '../protocol/written-answer.ts'

/** Gives a handler the types that its route's schemas say. */
interface TypeBoxTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  /** An answer, what was written of it, or its JSON text in pieces. */
  readonly serializer: this['schema'] extends TSchema
    ? Static<this['schema']> | WrittenAnswer | Readable
    : unknown
}

/** What a route is added to. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypes
>

/**
 * Makes the schemas of routes be checked by TypeBox: nothing is coerced, dropped or filled in. Answers
 * are built to fit their schema, so they are written without looking at it.
 */
export function useTypeBox(app: FastifyInstance): App {
  app.setValidatorCompiler(({ schema }) => {
    if (!Type.IsSchema(schema)) throw new TypeError('a route has a schema that is not of TypeBox')
    const faultOf = bodyValidator(schema)
    return (body: unknown) => {
      const error = faultOf(body)
      return error === null ? { value: body } : { error }
    }
  })
  app.setSerializerCompiler(
    () => answer => (answer instanceof WrittenAnswer ? answer.text : JSON.stringify(answer))
  )
  return app.withTypeProvider<TypeBoxTypes>()
}
