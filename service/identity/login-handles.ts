import { createHash, randomBytes } from 'node:crypto'

import { ownerKey } from '../base/owner.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import type { Described, LoginScope, UserTokens } from './types.ts'

/** Content of the `token` that a login returns (docs/x-flow.md#login-handles). */
export type LoginHandle = {
  readonly scheme: string
  /** What the login counts for: the value of `loginBinding`. */
  readonly binding: string
  readonly described: Described
  readonly tokens: Pick<UserTokens, 'authorization' | 'expiresAt' | 'renewAt'>
  /** Id of the session that holds the refresh token; null for none. */
  readonly session: string | null
  /** When it expires (ms since 1970). */
  readonly endsAt: number
}

/** Converts login handles to and from the `token` that the platform sends back with every call. */
export type LoginHandles = {
  /** Returns a text without `& = % +`, of at most `HANDLE_MAX_LENGTH` characters. */
  write(handle: LoginHandle, scope: LoginScope): Promise<string>
  /** Undefined for a text that `write` did not return for that tenant and document, or that has expired. */
  read(text: string, scope: LoginScope): Promise<LoginHandle | undefined>
}

/** A longer handle is kept in the store and the platform gets its key, since headers are limited in size. */
export const HANDLE_MAX_LENGTH = 1_500

/** First character of a text: before the sealed handle, or before its key in the store. */
const [SEALED, KEY] = ['h', 'k']

/** Seals handles under `STORE_KEY`, bound to tenant and document. */
export function createLoginHandles(sealer: Sealer, store: Store, now: () => number): LoginHandles {
  return {
    async write(handle, scope) {
      const sealed = sealer.seal(JSON.stringify(handle), loginContext(scope))
      if (sealed.length < HANDLE_MAX_LENGTH) return SEALED + sealed
      const key = randomBytes(32).toString('base64url')
      const seconds = Math.ceil((handle.endsAt - now()) / 1000)
      await store.set(storeKey(key), sealed, seconds, scope.owner)
      return KEY + key
    },
    async read(text, scope) {
      const content = text.slice(1)
      const isKey = text.startsWith(KEY)
      if (!isKey && !text.startsWith(SEALED)) return undefined
      const sealed = isKey ? await store.get(storeKey(content)) : content
      const opened = sealed === undefined ? undefined : sealer.open(sealed, loginContext(scope))
      if (opened === undefined) return undefined
      const handle: LoginHandle = JSON.parse(opened)
      return handle.endsAt > now() ? handle : undefined
    }
  }
}

/** Sealing context that binds a text to its tenant and document. */
export function loginContext({ owner, schemaUrl }: LoginScope): string {
  return JSON.stringify(['login', ownerKey(owner), hashed(schemaUrl)])
}

function storeKey(key: string): string {
  return `login-handle:${hashed(key)}`
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
