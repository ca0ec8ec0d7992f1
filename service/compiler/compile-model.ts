import type { Pointer } from '../base/json-pointer.ts'
import { deepFreeze, dictionary, member, textMember } from '../base/json.ts'
import { listFirst } from '../base/list-first.ts'
import { parseUrl } from '../base/parse-url.ts'
import { plainName } from '../base/plain-name.ts'
import type { ConnectorModel, DocumentOrigins, ModelIndex } from '../model/connector-model.ts'
import { CREDENTIAL_NAMES, credentialFor } from '../model/credential-name.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { CompileOptions } from '../model/compile-options.ts'
import { USUAL_OPTIONS } from '../model/compile-options.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { ExampleTable } from '../model/example-record.ts'
import type { LoginRecord } from '../model/login-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { isRead } from '../model/mapping-record.ts'
import { mayBeEmpty } from '../model/type-record.ts'
import { isPrivateHost } from '../net/public-address.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import type { DerivedTypeBounds } from '../settings.ts'
import { chooseTypes } from './choose-types.ts'
import type { Compilation } from './compilation.ts'
import type { CompiledMapping } from './endpoint/compile-mapping.ts'
import { compileMapping } from './endpoint/compile-mapping.ts'
import {
  collectScopes,
  compileSecuritySchemes,
  declaredSchemes
} from './endpoint/compile-security.ts'
import { nestedColumns } from './endpoint/compile-source.ts'
import { toldIdIn } from './endpoint/compile-saved-answer.ts'
import type { MappingScope } from './endpoint/types.ts'
import { compileTable } from './example/compile-table.ts'
import { shownInAnswers } from './example/shown-in-answers.ts'
import { inferKeys } from './infer/infer-keys.ts'
import type { Proposal } from './infer/proposal.ts'
import { lintExtensions } from './lint-extensions.ts'
import { locateDiagnostics } from './locate-diagnostics.ts'
import { declaredOperations } from './endpoint/declared-operations.ts'
import { compileLogins } from './login/compile-logins.ts'
import type { Report } from './report.ts'
import { compileIdentity } from './schema/compile-identity.ts'
import type { TypeDraft } from './schema/compile-types.ts'
import { compileTypes } from './schema/compile-types.ts'
import { compileValues } from './schema/compile-values.ts'
import { collectNamedTypes } from './schema/named-types.ts'
import { toldNames } from './schema/told-names.ts'

/** A larger document gets a warning: its first use takes seconds. */
const LARGE_DOCUMENT_BYTES = 4 * 1024 * 1024

/** How many members one diagnostic lists. */
const NAMES_MAX = 5

/**
 * Compiles a parsed document into the model that requests follow.
 *
 * Pure: nothing is fetched or kept, and the document is not changed. A fault in one schema, path or key
 * does not affect others; it becomes a diagnostic with the line and column of the hosted text.
 */
export function compileModel(
  given: ParsedDocument,
  bounds: DerivedTypeBounds,
  options: CompileOptions = USUAL_OPTIONS
): ConnectorModel {
  const { document, compilation, typed, proposal } = inferKeys(given, options)
  lintExtensions(compilation, new Set(typed.map(({ at }) => at)))
  const named = chooseTypes(compilation, collectNamedTypes(compilation, typed), options)
  const { drafts, left } = compileTypes(compilation, named, bounds, type =>
    shownInAnswers(compilation, type)
  )
  const types = new Map(drafts.map(draft => [draft.name, draft]))
  const schemes = declaredSchemes(compilation)
  const scopes = collectScopes(compilation, schemes)
  const securitySchemes = compileSecuritySchemes(compilation, schemes, scopes)
  const logins = compileLogins(compilation, schemes, scopes, securitySchemes)

  const scope: MappingScope = { compilation, types, securitySchemes, endpoints: new Map() }
  const own = compileMappings(scope, drafts)
  const taken = new Set(own.records.map(({ name }) => name.toLowerCase()))
  const values = compileValues(compilation, drafts, taken)
  const records = [...own.records, ...values.map(({ type }) => type)]
  const mappings = [...own.mappings, ...values.map(({ mapping }) => mapping)]

  if (compilation.isCut()) {
    const inLeft = left.reduce((sum, type) => sum + type.mappings.length, 0)
    const holes = { types: left.length, mappings: inLeft + own.mappingsLeft }
    compilation.report.add('DOCUMENT_TOO_WIDE', '', holes)
  }
  if (named.types.length === 0) reportNotAnnotated(compilation)
  else if (proposal !== null) reportInferred(proposal, compilation.report)
  reportNotKept(own.mappings, compilation.report)
  reportLarge(document, compilation.report)
  reportPlainHttp(mappings, document.url, compilation.report)
  const used = [...new Set(mappings.map(({ endpoint }) => endpoint))]
  const endpointRecords = used.map(({ record }) => record)
  return deepFreeze({
    index: {
      title: textMember(member(document.root, 'info'), 'title') ?? '',
      documentUrl: document.url,
      types: records.map(({ name }) => name).toSorted(compareNames),
      logins,
      origins: collectOrigins(document.url, endpointRecords, logins),
      credentials: collectCredentials(own.mappings),
      diagnostics: locateDiagnostics(compilation.report.diagnostics, document)
    },
    types: dictionary(records.map(record => [record.name, record])),
    endpoints: dictionary(endpointRecords.map(record => [record.key, record])),
    mappings: dictionary(mappings.map(({ record }) => [record.key, record])),
    examples: dictionary([
      ...used.map(({ record, example }) => [record.key, example] as const),
      ...mappings.flatMap(({ record, example }) =>
        example === null ? [] : [[record.key, example] as const]
      )
    ]),
    tables: dictionary(own.tables)
  })
}

/** Compiles the mappings of all types, as many as can be afforded, and completes the types by them. */
function compileMappings(
  scope: MappingScope,
  drafts: readonly TypeDraft[]
): {
  records: TypeRecord[]
  mappings: CompiledMapping[]
  tables: (readonly [type: string, table: ExampleTable])[]
  mappingsLeft: number
} {
  const { compilation } = scope
  const mappings: CompiledMapping[] = []
  const tables: (readonly [type: string, table: ExampleTable])[] = []
  let mappingsLeft = 0
  const records = drafts.map((draft): TypeRecord => {
    const own = (draft.named?.mappings ?? []).flatMap(mapping => {
      const compiled = compilation.afford(1) ? compileMapping(scope, draft, mapping) : undefined
      // A mapping that was cut short would call an API with less than it needs.
      if (compiled !== undefined && compilation.afford(0)) return compiled
      mappingsLeft++
      return []
    })
    for (const mapping of own) mappings.push(mapping)
    const ownRecords = own.map(({ record }) => record)
    const { name, summary, form, properties, choices, pointer } = draft
    const identity = compileIdentity(compilation, draft, ownRecords)
    reportRepeated(compilation, draft, own)
    const hasRequired = properties.some(
      ({ key, writeOnly }) =>
        key !== null && !writeOnly && draft.view?.required.includes(key) === true
    )
    const toldIds = toldNames(draft, identity, ownRecords)
    const sources = ownRecords.flatMap(({ bindings }) => bindings.flatMap(each => each.sources))
    const columns = nestedColumns(scope.types, draft, sources)
    const type = {
      ...{ name, summary, form, properties, choices, identity, toldIds, hasRequired },
      ...(columns.length > 0 && { columns })
    }
    reportForeign(compilation, type, own)
    const table = compileTable(compilation, draft, { identity, types: scope.types, mappings: own })
    if (table !== null) tables.push([name, table])
    return { ...type, ...keysByVerb(ownRecords), pointer }
  })
  return { records, mappings, tables, mappingsLeft }
}

/** The keys of the mappings of a type. */
function keysByVerb(
  records: readonly MappingRecord[]
): Pick<TypeRecord, 'mappings' | 'furtherMappings'> {
  const byVerb = [...Map.groupBy(records, ({ verb }) => verb)]
  const keys = byVerb.map(([verb, all]) => [verb, all.map(({ key }) => key)] as const)
  const further = keys.filter(([, [, second]]) => second !== undefined)
  return {
    mappings: Object.fromEntries(keys.map(([verb, [first = '']]) => [verb, first])),
    ...(further.length > 0 && {
      furtherMappings: Object.fromEntries(further.map(([verb, [, ...rest]]) => [verb, rest]))
    })
  }
}

/** Reports mappings of a list that are never used, because an earlier one makes the same calls. */
function reportRepeated(
  { report }: Compilation,
  { named }: TypeDraft,
  mappings: readonly CompiledMapping[]
): void {
  const keys = new Map(named?.mappings.map(({ at, key }) => [at, key]))
  const known = new Map<string, string>()
  for (const { record } of mappings) {
    const { verb, endpoint, bindings, pointer } = record
    const call = JSON.stringify([verb, endpoint, bindings])
    const key = keys.get(pointer) ?? record.key
    const other = known.get(call)
    if (other !== undefined) report.add('MAPPING_REPEATED', pointer, { key, other })
    else known.set(call, key)
  }
}

/**
 * Reports answers that have nothing of the type where its objects are, unless an object may have nothing or they
 * tell the id of a new one; and from where that is read, if its name is only like that of an id.
 */
function reportForeign(
  compilation: Compilation,
  type: Pick<TypeRecord, 'name' | 'properties' | 'identity' | 'toldIds' | 'hasRequired'>,
  mappings: readonly CompiledMapping[]
): void {
  const { name, properties, identity, toldIds } = type
  const { report } = compilation
  const names = properties.flatMap(({ key }) => key ?? [])
  const members = listFirst(names, NAMES_MAX, name => `"${name}"`)
  const keys = new Set(['id', ...identity.candidates.map(([key = '']) => plainName(key))])
  for (const { record, foreign, other } of mappings) {
    const { verb, pointer } = record
    const key = `x-flow-${verb}`
    const place = other === null || verb !== 'save' ? null : toldIdIn(compilation, other, toldIds)
    if (place !== null && !keys.has(plainName(place))) {
      report.add('SAVED_ID_INFERRED', pointer, { key, type: name, place: `"${place}"` })
    }
    if (foreign === null || place !== null || mayBeEmpty(type)) continue
    report.add('ANSWER_FOREIGN', pointer, { key, type: name, came: foreign, members })
  }
}

/** Says once that examples remember no write. */
function reportNotKept(mappings: readonly CompiledMapping[], report: Report): void {
  const write = mappings.find(({ record }) => record.example !== null && !isRead(record.verb))
  if (write !== undefined) report.add('WRITES_NOT_KEPT', write.record.pointer)
}

/** Order of names that does not depend on the machine's language. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function reportNotAnnotated(compilation: Compilation): void {
  const count = declaredOperations(compilation).length
  compilation.report.add('DOCUMENT_NOT_ANNOTATED', '', { count })
}

/** Says once that types are guesses, and how they can be made sure. */
function reportInferred({ resources }: Proposal, report: Report): void {
  if (resources.length > 0) report.add('TYPES_INFERRED', '', { count: resources.length })
}

function reportLarge({ text, links, origin }: ParsedDocument, report: Report): void {
  const texts = [text, ...[...links.parts, ...origin.overlays].map(other => other.text)]
  const bytes = texts.reduce((sum, each) => sum + Buffer.byteLength(each), 0)
  if (bytes > LARGE_DOCUMENT_BYTES) report.add('DOCUMENT_LARGE', '', { bytes })
}

/** Reports each host that gets credentials over plain http once, at the first mapping that sends them. */
function reportPlainHttp(
  mappings: readonly CompiledMapping[],
  documentUrl: string,
  report: Report
): void {
  const calls = new Map<string, { readonly at: Pointer; readonly keys: Set<string> }>()
  for (const { record, endpoint } of mappings) {
    const { key, security } = endpoint.record
    const host = plainHttpHost(endpoint.record, documentUrl)
    if (host === undefined || !security.some(schemes => schemes.length > 0)) continue
    const known = calls.get(host) ?? { at: record.pointer, keys: new Set() }
    calls.set(host, known)
    known.keys.add(key)
  }
  for (const [host, { at, keys }] of calls) {
    const [first = ''] = keys
    const others = keys.size - 1
    const words =
      others === 0 ? first : `${first}, like ${others} other operation${others === 1 ? '' : 's'},`
    report.add('CREDENTIAL_OVER_HTTP', at, { host, calls: words })
  }
}

/** The host of a server that is called over http at a public address. */
function plainHttpHost({ server }: EndpointRecord, documentUrl: string): string | undefined {
  const url = server.url.includes('//') ? server.url : documentUrl
  const host = /^http:\/\/([^/?#]+)/i.exec(url)?.[1]
  return host === undefined || isPrivateHost(host) ? undefined : host
}

/** The addresses to which a document would send a credential (docs/x-flow.md#allowed-hosts). */
function collectOrigins(
  documentUrl: string,
  endpoints: readonly EndpointRecord[],
  logins: readonly LoginRecord[]
): DocumentOrigins {
  const named = [...endpoints, ...logins].map(({ server }) => server)
  const servers = named.filter(server => server.hostIsGuessed !== true)
  const tokenUrls = endpoints
    .flatMap(({ security }) => security.flat())
    .flatMap(scheme => (scheme.kind === 'oauth2' ? (scheme.clientCredentials?.tokenUrl ?? []) : []))
  const urls = [...tokenUrls, ...logins.flatMap(loginUrls)]
  return {
    documentUrl,
    servers: [...new Map(servers.map(server => [JSON.stringify(server), server])).values()],
    // Others are relative to a server.
    identityUrls: [...new Set(urls.filter(url => parseUrl(url) !== null || url.startsWith('//')))]
  }
}

/** Which configured credentials the calls of mappings carry. */
function collectCredentials(mappings: readonly CompiledMapping[]): ModelIndex['credentials'] {
  const called = mappings.flatMap(({ record, endpoint }) =>
    record.example === null ? [endpoint.record] : []
  )
  const schemes = called.flatMap(({ security }) => security.flat())
  const taken = called.length === 0 ? CREDENTIAL_NAMES : schemes.map(credentialFor)
  return {
    taken: CREDENTIAL_NAMES.filter(name => taken.includes(name)),
    sendsByName: called.some(({ sendsByName }) => sendsByName)
  }
}

function loginUrls(login: LoginRecord): string[] {
  switch (login.kind) {
    case 'oauth2': {
      const { authorizationUrl, tokenUrl, refreshUrl, userInfoUrl } = login
      return [authorizationUrl, tokenUrl, userInfoUrl, ...(refreshUrl === null ? [] : [refreshUrl])]
    }
    case 'openIdConnect':
      return [login.discoveryUrl]
    case 'basic':
      return [login.checkUrl]
    default:
      return login satisfies never
  }
}
