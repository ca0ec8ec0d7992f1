import { createHash, randomBytes } from 'node:crypto'

import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import type { LoginScope, UserProfile, UserTokens } from './types.ts'

/** What the `token` of a login stands for (x-flow 10). */
export type LoginHandle = {
  readonly scheme: string
  readonly user: Pick<UserProfile, 'userId' | 'username' | 'email' | 'groups'>
  readonly tokens: Pick<UserTokens, 'authorization' | 'expiresAt' | 'renewAt'>
  /** Where a refresh token lies in the store; null for none. */
  readonly session: string | null
  /** Milliseconds since 1970 after which it stands for nobody. */
  readonly endsAt: number
}

/** Writes and reads the texts that the platform gets as `token` and sends back with every call. */
export type LoginHandles = {
  /** A text without `& = % +`, at most `HANDLE_MAX_LENGTH` characters long. */
  write(handle: LoginHandle, scope: LoginScope): Promise<string>
  /** Undefined for a text that was not written here for that tenant and document, or that has ended. */
  read(text: string, scope: LoginScope): Promise<LoginHandle | undefined>
}

/** Longer handles lie in the store, and the platform gets a key to them: headers have limits. */
export const HANDLE_MAX_LENGTH = 1_500

/** What a text begins with: the handle itself, sealed, or a key to it. */
const [SEALED, KEY] = ['h', 'k']

/** Handles sealed under `STORE_KEY`, and bound to tenant and document. */
export function createLoginHandles(sealer: Sealer, store: Store, now: () => number): LoginHandles {
  return {
    async write(handle, scope) {
      const sealed = sealer.seal(JSON.stringify(handle), loginContext(scope))
      if (sealed.length < HANDLE_MAX_LENGTH) return SEALED + sealed
      const key = randomBytes(32).toString('base64url')
      const seconds = Math.ceil((handle.endsAt - now()) / 1000)
      await store.set(storeKey(key), sealed, seconds, scope.tenant)
      return KEY + key
    },
    async read(text, scope) {
      const rest = text.slice(1)
      const isKey = text.startsWith(KEY)
      if (!isKey && !text.startsWith(SEALED)) return undefined
      const sealed = isKey ? await store.get(storeKey(rest)) : rest
      const opened = sealed === undefined ? undefined : sealer.open(sealed, loginContext(scope))
      if (opened === undefined) return undefined
      const handle: LoginHandle = JSON.parse(opened)
      return handle.endsAt > now() ? handle : undefined
    }
  }
}

/** What binds a sealed text of a login to its tenant and document. */
export function loginContext({ tenant, schemaUrl }: LoginScope): string {
  return JSON.stringify(['login', tenant, hashed(schemaUrl)])
}

function storeKey(key: string): string {
  return `login-handle:${hashed(key)}`
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
