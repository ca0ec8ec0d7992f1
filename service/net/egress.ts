import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { SecureContext } from 'node:tls'

import type { Dispatcher } from 'undici'
import { Agent, buildConnector, Pool, ProxyAgent } from 'undici'

import type { Settings } from '../settings.ts'
import { SettingsError } from '../settings.ts'
import { createEgressGuard } from './egress-guard.ts'
import type { EgressPolicy } from './egress-policy.ts'
import { createEgressPolicy, portOf } from './egress-policy.ts'
import type { NameSources } from './name-lookup.ts'
import { SYSTEM_NAMES } from './name-lookup.ts'

/** The only way out of the service: clients check URLs and open connections with it. */
export type Egress = {
  readonly policy: EgressPolicy
  /** Checks the URL of every call. @throws EgressDeniedError */
  check(url: URL): void
  /**
   * Makes a connection pool for undici.
   *
   * @param connectMs Time limit for connecting with TLS. The name look-up gets half of it, so that its
   *   time-out can be told apart.
   */
  dispatcher(options: Agent.Options, connectMs: number): Dispatcher
  /** The same for got, which limits connecting itself. */
  agents(connectMs: number): { readonly http: HttpAgent; readonly https: HttpsAgent }
}

export type EgressSettings = Pick<Settings, 'EGRESS_ALLOW' | 'EGRESS_DENY' | 'EGRESS_PROXY'>

/** How servers and the service prove to each other who they are. */
export type TlsTrust = {
  /** Trusted authorities and the client certificate. */
  readonly secureContext: SecureContext
  /** False where the user of a command accepts any certificate. Default: true. */
  readonly isChecked?: boolean
}

/**
 * Applies the egress policy to all connections (docs/running.md#what-may-be-called). The checked address is
 * the one connected to. Proxy variables of the environment are ignored.
 *
 * With `EGRESS_PROXY` only URLs are checked here; the proxy has to check the addresses of names.
 *
 * @throws SettingsError for a malformed entry or proxy.
 */
export function createEgress(
  settings: EgressSettings,
  { secureContext, isChecked = true }: TlsTrust,
  names: NameSources = SYSTEM_NAMES
): Egress {
  const policy = createEgressPolicy(settings, ownAddresses)
  const guard = createEgressGuard(policy, names)
  const tls = { secureContext, rejectUnauthorized: isChecked }
  const proxy = readProxy(settings.EGRESS_PROXY)

  const direct = (options: Agent.Options, timeout: number): Dispatcher =>
    new Agent({
      ...options,
      factory(origin, inherited) {
        const lookup = guard.lookupFor(portOf(new URL(origin)), timeout / 2)
        const connect = buildConnector({ ...tls, timeout, lookup, allowH2: false })
        return new Pool(origin, { ...inherited, connect: endOnError(connect) })
      }
    })
  const proxied = (uri: string, options: Agent.Options, timeout: number): Dispatcher =>
    new ProxyAgent({
      ...options,
      uri,
      connectTimeout: timeout,
      requestTls: { ...tls, allowH2: false },
      clientFactory: (origin, inherited) =>
        new Pool(origin, { ...inherited, headersTimeout: timeout }),
      // For http calls, which go to the proxy itself, undici would drop the options.
      factory: (origin, inherited) => new Pool(origin, { ...options, ...inherited })
    })
  return {
    policy,
    check: guard.check,
    dispatcher: (options, connectMs) =>
      proxy === null ? direct(options, connectMs) : proxied(proxy, options, connectMs),
    agents(connectMs) {
      const proxyEnv = { HTTP_PROXY: proxy ?? '', HTTPS_PROXY: proxy ?? '' }
      // The time-out covers the proxy tunnel; got's own covers everything else.
      const options = proxy === null ? {} : { proxyEnv, timeout: connectMs }
      const lookupFor = (port: number): LookupFunction => guard.lookupFor(port, connectMs / 2)
      return {
        http: guardAgent(new HttpAgent(options), lookupFor),
        https: guardAgent(new HttpsAgent({ ...tls, ...options }), lookupFor)
      }
    }
  }
}

/**
 * Destroys a connection at its first error. In TLS 1.3 a server asks for a client certificate after the
 * handshake and then closes the connection; undici would report only the close.
 */
function endOnError(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result
      socket?.once('error', error => socket.destroy(error))
      callback(...result)
    })
}

/** Makes an agent look names up through the guard, except that of a proxy. */
function guardAgent<T extends HttpAgent>(agent: T, lookupFor: (port: number) => LookupFunction): T {
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) =>
    connect({ ...options, lookup: lookupFor(Number(options.port)) }, callback)
  return agent
}

/** The URL of the proxy; null for none. Never quotes it: a malformed one may contain a password. */
function readProxy(text: string): string | null {
  if (text === '') return null
  const form = /^http:\/\/(?:(?:[^\s%/?#@]|%[\da-f]{2})+@)?[^\s/?#@]+\/?$/i
  if (form.test(text) && URL.canParse(text)) return text
  throw new SettingsError(
    'EGRESS_PROXY is malformed; allowed is the http URL of a proxy, such as http://proxy.example.com:3128'
  )
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap(found => found?.map(own => own.address) ?? [])
}
