import { parseWritten } from '../base/exact-number.ts'
import type { ProblemCopy } from '../errors.ts'
import { ConnectorError } from '../errors.ts'

/** What one side of a channel does for the other: a plain JSON value, and bytes beside it, both ways. */
export type Call<A, R> = (argument: A, bytes: Uint8Array) => Promise<readonly [R, Uint8Array]>

/** Calls by name. */
export type Services = { readonly [name: string]: Call<never, unknown> }

type ResultOf<C> = C extends Call<never, infer R> ? R : never

/** The sending half of a channel between two processes, over which messages are cloned. */
export type Send = (message: Message) => void

export type ProcessCalls<Theirs extends Services> = {
  /** Calls the other side. @throws ConnectorError as it was thrown there; Error for any other failure. */
  call<N extends keyof Theirs & string>(
    name: N,
    argument: Parameters<Theirs[N]>[0],
    bytes?: Uint8Array
  ): Promise<readonly [ResultOf<Theirs[N]>, Uint8Array]>
  /** Takes what the other side has sent. */
  receive(message: unknown): void
  /** Fails every call that is under way, and all later ones. */
  end(reason: Error): void
}

/** `text` is JSON; of an answer and a failure the id is that of their call. */
type Message = {
  readonly kind: 'call' | 'answer' | 'failure'
  readonly id: number
  readonly name: string
  readonly text: string
  readonly bytes: Uint8Array
}

/** A call of ours that is under way. */
type OpenCall = {
  readonly resolve: (text: string, bytes: Uint8Array) => void
  readonly reject: (reason: Error) => void
}

/** A ConnectorError, or the stack of any other error. */
type Failure = { readonly problem: ProblemCopy } | { readonly stack: string }

/** Stands beside a value that has no bytes. */
export const NO_BYTES = new Uint8Array()

/** Calls between two processes, in both directions at once, over one channel. */
export function createProcessCalls<Theirs extends Services>(
  send: Send,
  mine: Services
): ProcessCalls<Theirs> {
  const open = new Map<number, OpenCall>()
  let last = 0
  let ended: Error | null = null

  const serve = async ({ id, name, text, bytes }: Message): Promise<void> => {
    try {
      const [value, answered] = (await mine[name]?.(parseWritten(text), bytes)) ?? [null, NO_BYTES]
      send({ kind: 'answer', id, name, text: JSON.stringify(value), bytes: answered })
    } catch (error) {
      send({ kind: 'failure', id, name, text: JSON.stringify(failureOf(error)), bytes: NO_BYTES })
    }
  }
  return {
    call(name, argument, bytes = NO_BYTES) {
      if (ended !== null) return Promise.reject(ended)
      const id = ++last
      return new Promise((resolve, reject) => {
        open.set(id, { resolve: (text, given) => resolve([parseWritten(text), given]), reject })
        send({ kind: 'call', id, name, text: JSON.stringify(argument), bytes })
      })
    },
    receive(message) {
      if (!isMessage(message)) return
      if (message.kind === 'call') return void serve(message)
      const { kind, id, text, bytes } = message
      const answer = open.get(id)
      open.delete(id)
      if (kind === 'answer') answer?.resolve(text, bytes)
      else answer?.reject(errorOf(parseWritten(text)))
    },
    end(reason) {
      ended ??= reason
      for (const { reject } of open.values()) reject(reason)
      open.clear()
    }
  }
}

function isMessage(value: unknown): value is Message {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    'id' in value &&
    typeof value.id === 'number' &&
    'text' in value &&
    typeof value.text === 'string' &&
    'bytes' in value &&
    value.bytes instanceof Uint8Array
  )
}

function failureOf(error: unknown): Failure {
  if (error instanceof ConnectorError) {
    const { code, holes, retryAfterSeconds } = error
    return { problem: { code, holes, retryAfterSeconds } }
  }
  return { stack: error instanceof Error ? (error.stack ?? error.name) : 'a value was thrown' }
}

function errorOf(failure: Failure): Error {
  if ('problem' in failure) return new ConnectorError(failure.problem)
  const error = new Error('another process of the service failed')
  error.stack = failure.stack
  return error
}
