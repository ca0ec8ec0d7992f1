import { isJsonObject, textMember } from '../service/base/json.ts'
import { createRandom, pick } from './seeded-random.ts'

/** Sends one request of some flow of some tenant. Resolves to how it was answered, always. */
export type SendSome = () => Promise<string>

type Request = { readonly method: string; readonly path: string; readonly body: object }
type Tenant = { readonly id: string; authorization: string | undefined }

const TENANTS: readonly [string, ...string[]] = ['acme', 'globex', 'initech', 'umbrella']
const TICKET_COUNT = 50
const FLOWS_PER_TENANT = 20
const HANG_UP_SHARE = 0.02
const PATIENCE_MS = 100_000

/** The answer to a request that was given up on purpose, as the platform's own time-out does. */
const HUNG_UP = 'hung up on purpose'
/** What begins the answers that must never be. */
export const NO_ANSWER = 'no answer'
export const INTERNAL = '500 INTERNAL'

/**
 * Flows of four tenants in a seeded mix: describe, log in by password, query, load, save, update and delete.
 * After a login, calls are made as that user.
 *
 * @param api The API's URL, which has its document at `/openapi.json`.
 */
export function createTraffic(connector: string, api: string, seed: number): SendSome {
  const random = createRandom(seed)
  const tenants = TENANTS.map((id): Tenant => ({ id, authorization: undefined }))
  const configurationValues = [{ developerName: 'Schema URL', contentValue: `${api}/openapi.json` }]
  return async () => {
    const tenant = tenants[Math.floor(random() * tenants.length)]
    if (tenant === undefined) return NO_ANSWER
    const { method, path, body } = someRequest(random, tenant.id)
    const hangsUp = random() < HANG_UP_SHARE
    const state = Math.floor(random() * FLOWS_PER_TENANT)
    try {
      const response = await fetch(connector + path, {
        method,
        headers: {
          'content-type': 'application/json',
          manywhotenant: tenant.id,
          manywhostate: `00000000-0000-4000-8000-${String(state).padStart(12, '0')}`,
          ...(tenant.authorization && { authorization: tenant.authorization })
        },
        body: JSON.stringify({ configurationValues, ...body }),
        signal: AbortSignal.timeout(hangsUp ? 1 + random() * 100 : PATIENCE_MS)
      })
      const answer: unknown = JSON.parse(await response.text())
      if (!isJsonObject(answer)) return `${NO_ANSWER}: no object`
      if (response.status !== 200) return `${response.status} ${textMember(answer, 'code')}`
      if (path !== '/authentication') return '200'
      const status = textMember(answer, 'status')
      if (status === 'AUTHENTICATED') {
        tenant.authorization = userHeader(tenant.id, answer)
      }
      return `200 ${status}`
    } catch (error) {
      return hangsUp ? HUNG_UP : `${NO_ANSWER}: ${error instanceof Error ? error.name : error}`
    }
  }
}

function someRequest(random: () => number, tenantId: string): Request {
  const id = String(1 + Math.floor(random() * TICKET_COUNT))
  const objectDataType = { developerName: 'Ticket' }
  const load = (listFilter: object): Request => ({
    method: 'POST',
    path: '/data',
    body: { objectDataType, listFilter }
  })
  const write = (method: string, path: string, externalId: string | null): Request => ({
    method,
    path,
    body: { objectDataType, objectData: [ticketObject(externalId)] }
  })
  const username = `user-${Math.floor(random() * 10)}`
  const choose = pick<() => Request>(random, [
    () => ({ method: 'POST', path: '/metadata', body: {} }),
    () => ({
      method: 'POST',
      path: '/authentication',
      body: {
        authenticationType: 'USERNAME_PASSWORD',
        tenantId,
        username,
        password: 'open sesame'
      }
    }),
    () => load({ limit: 10, offset: Math.floor(random() * TICKET_COUNT) }),
    () => load({ limit: 20 }),
    () => load({ id }),
    () => load({ id }),
    () => write('PUT', '/data', null),
    () => write('PUT', '/data', id),
    () => write('POST', '/data/delete', id)
  ])
  return choose()
}

function ticketObject(externalId: string | null): object {
  const property = (developerName: string, contentValue: string): object => ({
    developerName,
    contentType: 'ContentString',
    contentValue,
    objectData: null
  })
  return {
    externalId,
    developerName: 'Ticket',
    properties: [property('subject', 'Sideways again'), property('body', 'On every floor.')]
  }
}

/** The user header of a user who has logged in. */
function userHeader(tenantId: string, login: Parameters<typeof textMember>[0]): string {
  const pairs = [
    ['ManyWhoTenantId', tenantId],
    ['Token', textMember(login, 'token') ?? ''],
    ['UserId', textMember(login, 'userId') ?? '']
  ]
  return encodeURIComponent(pairs.map(([name, value]) => `${name}=${value}`).join('&'))
}
