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

/** Derives a handler's types from its route's schemas. */
interface TypeBoxTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  /** A buffer or stream of serialized JSON is sent as it is. */
  readonly serializer: this['schema'] extends TSchema
    ? Static<this['schema']> | Buffer | Readable
    : unknown
}

/** A Fastify instance with TypeBox types, to which routes are added. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypes
>

function refuse(): never {
  throw new TypeError('a route with a schema was added without useTypeBox')
}

/** Stands in for the compilers of Fastify, which would load Ajv although `useTypeBox` replaces them. */
export const NO_COMPILERS = { buildValidator: () => refuse, buildSerializer: () => refuse }

/** By schema: routes share them, as apps of one process do, and compiling one takes long. */
const validators = new WeakMap<TSchema, ReturnType<typeof bodyValidator>>()

/**
 * Validates bodies with TypeBox, without coercion, defaults or removal. Answers are not validated: they are
 * built to fit their schema.
 */
export function useTypeBox(app: FastifyInstance): App {
  app.setValidatorCompiler(({ schema }) => {
    if (!Type.IsSchema(schema)) throw new TypeError('the schema of a route is not a TypeBox schema')
    const validate = validators.get(schema) ?? bodyValidator(schema)
    validators.set(schema, validate)
    return (body: unknown) => {
      const error = validate(body)
      return error === null ? { value: body } : { error }
    }
  })
  app.setSerializerCompiler(() => answer => JSON.stringify(answer))
  return app.withTypeProvider<TypeBoxTypes>()
}
