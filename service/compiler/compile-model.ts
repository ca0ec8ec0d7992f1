import { deepFreeze, dictionary, member, textMember } from '../base/json.ts'
import { findPositions } from '../parse/find-positions.ts'
import { splitLocation } from '../parse/links.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { isPrivateHost } from '../net/public-address.ts'
import { createCompilation } from './compilation.ts'
import { collectOrigins } from './collect-origins.ts'
import { compileIdentity } from './schema/compile-identity.ts'
import { compileLogins } from './login/compile-logins.ts'
import type { CompiledOperation } from './endpoint/compile-operation.ts'
import { compileOperation } from './endpoint/compile-operation.ts'
import {
  collectScopes,
  compileSecuritySchemes,
  declaredSchemes
} from './endpoint/compile-security.ts'
import type { DerivedTypeBounds } from './schema/compile-types.ts'
import { compileTypes } from './schema/compile-types.ts'
import { compileValues } from './schema/compile-values.ts'
import { lintExtensions } from './lint-extensions.ts'
import { collectNamedTypes } from './schema/named-types.ts'
import type { Report, UnlocatedDiagnostic } from './report.ts'
import { inOrder } from './report.ts'
import type { ConnectorModel } from '../model/connector-model.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { OperationRecord } from '../model/endpoint-record.ts'
import type { TypeRecord } from '../model/type-record.ts'

/** A document larger than this is worth a warning: its first use takes seconds (row A30). */
const LARGE_DOCUMENT_BYTES = 4 * 1024 * 1024

/**
 * Compiles a parsed document into the model that requests follow.
 *
 * Pure: nothing is fetched or kept, and the document is not changed. A fault in one schema, path or
 * key never sinks the rest; it becomes a diagnostic with the line and column of the hosted text.
 */
export function compileModel(document: ParsedDocument, bounds: DerivedTypeBounds): ConnectorModel {
  const compilation = createCompilation(document)
  lintExtensions(compilation)
  const named = collectNamedTypes(compilation)
  const { drafts, left } = compileTypes(compilation, named, bounds)
  const types = new Map(drafts.map(draft => [draft.name, draft]))
  const schemes = declaredSchemes(compilation)
  const scopes = collectScopes(compilation, schemes)
  const securitySchemes = compileSecuritySchemes(compilation, schemes, scopes)
  const logins = compileLogins(compilation, schemes, scopes)

  const operations: CompiledOperation[] = []
  let mappingsLeft = left.reduce((sum, type) => sum + type.mappings.length, 0)
  const records = drafts.map((draft): TypeRecord => {
    const own = (draft.named?.mappings ?? []).flatMap(mapping => {
      const compiled = compilation.afford(1)
        ? compileOperation(compilation, { types, securitySchemes }, draft, mapping)
        : undefined
      // What was cut short in the middle would call an API with less than it needs.
      if (compiled !== undefined && compilation.afford(0)) return compiled
      mappingsLeft++
      return []
    })
    operations.push(...own)
    const ownRecords = own.map(({ record }) => record)
    const { name, summary, form, properties, choices, pointer } = draft
    const identity = compileIdentity(compilation, draft, ownRecords)
    const mappings = Object.fromEntries(ownRecords.map(({ verb, key }) => [verb, key]))
    return { name, summary, form, properties, choices, identity, mappings, pointer }
  })
  const values = compileValues(compilation, drafts, new Set(records.map(r => r.name.toLowerCase())))
  records.push(...values.map(({ type }) => type))
  operations.push(...values.map(({ operation }) => operation))

  if (compilation.isCut()) {
    const holes = { types: left.length, mappings: mappingsLeft }
    compilation.report.add('DOCUMENT_TOO_WIDE', '', holes)
  }
  if (named.types.length === 0) compilation.report.add('DOCUMENT_NOT_ANNOTATED', '')
  const texts = [document, ...document.links.parts].map(({ text }) => text)
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (bytes > LARGE_DOCUMENT_BYTES) compilation.report.add('DOCUMENT_LARGE', '', { bytes })
  reportPlainHttp(operations, document.url, compilation.report)
  return deepFreeze({
    index: {
      title: textMember(member(document.root, 'info'), 'title') ?? '',
      documentUrl: document.url,
      types: records.map(({ name }) => name).toSorted(compareNames),
      logins,
      origins: collectOrigins(
        document.url,
        operations.map(({ record }) => record),
        logins
      ),
      diagnostics: withPositions(compilation.report.diagnostics, document)
    },
    types: dictionary(records.map(record => [record.name, record])),
    operations: dictionary(operations.map(({ record }) => [record.key, record])),
    examples: dictionary(operations.map(({ record, example }) => [record.key, example]))
  })
}

/** Order of names that does not depend on the machine's language. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function reportPlainHttp(
  operations: readonly CompiledOperation[],
  documentUrl: string,
  report: Report
): void {
  for (const { record } of operations) {
    const host = plainHttpHost(record, documentUrl)
    if (host === undefined || !record.security.some(schemes => schemes.length > 0)) continue
    const { method, path } = record
    report.add('CREDENTIAL_OVER_HTTP', record.pointer, { method, path, host })
  }
}

/** The host of a server that is called over http at a public address. */
function plainHttpHost({ server }: OperationRecord, documentUrl: string): string | undefined {
  const url = server.url.includes('//') ? server.url : documentUrl
  const host = /^http:\/\/([^/?#]+)/i.exec(url)?.[1]
  return host === undefined || isPrivateHost(host) ? undefined : host
}

/** Each diagnostic with the document that it is in, its pointer there, and its place in the hosted text. */
function withPositions(
  diagnostics: readonly UnlocatedDiagnostic[],
  document: ParsedDocument
): Diagnostic[] {
  const byName = Map.groupBy(diagnostics, ({ pointer }) => splitLocation(pointer).name)
  const texts = [{ name: '', url: document.url, text: document.text }, ...document.links.parts]
  const located = texts.flatMap(({ name, url, text }) => {
    const own = (byName.get(name) ?? []).map(diagnostic => {
      return { ...diagnostic, pointer: splitLocation(diagnostic.pointer).pointer, file: url }
    })
    const positions = findPositions(
      text,
      own.map(({ pointer }) => pointer)
    )
    return own.map(diagnostic => {
      const { line, column } = positions.get(diagnostic.pointer) ?? { line: null, column: null }
      return { ...diagnostic, line, column }
    })
  })
  return inOrder(located, document.url)
}
