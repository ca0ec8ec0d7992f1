import { listFirst } from '../base/list-first.ts'
import { credentialFor } from '../model/credential-name.ts'
import type { EndpointRecord, SecuritySchemeRecord } from '../model/endpoint-record.ts'
import { originHosts } from '../plan/origin-hosts.ts'
import type { ApiAccess } from '../plan/types.ts'
import type { ChangePlace, ReportChange } from './change-list.ts'
import type { MappingPair } from './mapping-pair.ts'
import type { ComparedModel } from './compared-model.ts'

/** Mappings that a message names. */
const SHOWN_MAX = 3

const DOCUMENT: ChangePlace = {
  version: 'new',
  pointer: '',
  type: null,
  property: null,
  mapping: null
}

/** Compares the ways in which users log in, and the hosts that receive credentials. */
export function compareAccess(
  old: ComparedModel,
  now: ComparedModel,
  access: ApiAccess,
  report: ReportChange
): void {
  const [before, after] = [old, now].map(({ index }) => index.logins.map(({ scheme }) => scheme))
  for (const scheme of before ?? []) {
    if (after?.includes(scheme) !== true) report('LOGIN_REMOVED', { scheme }, DOCUMENT)
  }
  for (const scheme of after ?? []) {
    if (before?.includes(scheme) !== true) report('LOGIN_ADDED', { scheme }, DOCUMENT)
  }
  for (const host of addedHosts(old, now, access)) report('HOST_ADDED', { host }, DOCUMENT)
}

/** Hosts that would receive a credential, and that only the newer version names. */
function addedHosts(
  { index: { origins } }: ComparedModel,
  { index }: ComparedModel,
  access: ApiAccess
): Set<string> {
  const { taken, sendsByName } = index.credentials
  const sendsAny = taken.length > 0 || sendsByName || index.logins.length > 0
  if (!sendsAny || access.allowedHosts !== null) return new Set()
  const known = new Set(originHosts(origins, access))
  // The newer version will be published where the older one is.
  const published = { ...index.origins, documentUrl: origins.documentUrl }
  return new Set(
    [...originHosts(published, access)].filter(host => host !== '' && !known.has(host))
  )
}

/** Reports the credentials that calls need, and that the older version did not ask for, once for each. */
export function compareCredentials(pairs: readonly MappingPair[], report: ReportChange): void {
  const called = pairs.filter(({ is }) => is.mapping.example === null)
  const byNeed = Map.groupBy(called, ({ was, is }) => newNeed(was.endpoint, is.endpoint))
  for (const [needed, calls] of byNeed) {
    if (needed === '') continue
    const names = calls.map(({ place }) => `\`${place.mapping}\``)
    report('CREDENTIAL_REQUIRED', { calls: listFirst(names, SHOWN_MAX), needed }, DOCUMENT)
  }
}

/** The credentials that a configuration lacks which met what the older version asks for; blank for none. */
function newNeed(was: EndpointRecord, is: EndpointRecord): string {
  const after = needsOf(is)
  for (const had of needsOf(was)) {
    const lacks = after.map(needs => needs.filter(need => !had.includes(need)))
    const [least] = lacks.toSorted((a, b) => a.length - b.length)
    if (least !== undefined && least.length > 0) return least.join(' and ')
  }
  return ''
}

/** What each alternative of the security of an endpoint needs; one that needs nothing where it has none. */
function needsOf({ security }: EndpointRecord): string[][] {
  return security.length === 0 ? [[]] : security.map(schemes => schemes.flatMap(needOf))
}

function needOf(scheme: SecuritySchemeRecord): string[] {
  const value = credentialFor(scheme)
  if (value !== null) return [`configuration value "${value}"`]
  if (scheme.kind === 'given') return []
  const isCertificate = scheme.kind === 'mutualTLS'
  return [isCertificate ? 'a client certificate' : `security scheme "${scheme.name}"`]
}
