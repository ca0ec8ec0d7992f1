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

/** The only way out: what every client checks its URLs with, and makes its connections by. */
export type Egress = {
  readonly policy: EgressPolicy
  /**
   * Lets a URL pass that may be called, as far as it says. Every call is checked.
   *
   * @throws EgressDeniedError
   */
  check(url: URL): void
  /**
   * Connections for undici. Nobody else has them: a connection serves the policy it was made under.
   *
   * @param connectMs Milliseconds to open one, TLS included. Looking its name up gets half of them, so
   *   that it is known what took the time.
   */
  dispatcher(options: Agent.Options, connectMs: number): Dispatcher
  /** The same for got, which bounds connecting itself. */
  agents(connectMs: number): { readonly http: HttpAgent; readonly https: HttpsAgent }
}

export type EgressSettings = Pick<Settings, 'EGRESS_ALLOW' | 'EGRESS_DENY' | 'EGRESS_PROXY'>

/**
 * The way out under the settings. The address that is checked is the one that is connected to; the
 * variables of the environment that name proxies count for nothing.
 *
 * With `EGRESS_PROXY` all connections go to the proxy: what a URL says is checked here, which address a
 * name has is the proxy's to check.
 *
 * @throws SettingsError for a malformed entry or proxy.
 */
export function createEgress(
  settings: EgressSettings,
  secureContext: SecureContext,
  names: NameSources = SYSTEM_NAMES
): Egress {
  const policy = createEgressPolicy(settings, ownAddresses)
  const guard = createEgressGuard(policy, names)
  const tls = { secureContext, rejectUnauthorized: true }
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
      // A call over http goes to the proxy itself, for which it would forget the options.
      factory: (origin, inherited) => new Pool(origin, { ...options, ...inherited })
    })
  return {
    policy,
    check: guard.check,
    dispatcher: (options, connectMs) =>
      proxy === null ? direct(options, connectMs) : proxied(proxy, options, connectMs),
    agents(connectMs) {
      const proxyEnv = { HTTP_PROXY: proxy ?? '', HTTPS_PROXY: proxy ?? '' }
      // The time-out is for the tunnel through a proxy; got has its own for the rest.
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
 * Connections that are over with their first error. A server that wants a client certificate says so
 * after the handshake of TLS 1.3, then hangs up, which undici would take for all there is to know.
 */
function endOnError(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result
      socket?.once('error', error => socket.destroy(error))
      callback(...result)
    })
}

/** An agent whose connections get their addresses from the guard, but for those to a proxy. */
function guardAgent<T extends HttpAgent>(agent: T, lookupFor: (port: number) => LookupFunction): T {
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) =>
    connect({ ...options, lookup: lookupFor(Number(options.port)) }, callback)
  return agent
}

/** The URL of the proxy; null for none. What is malformed may still hold most of a password. */
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
