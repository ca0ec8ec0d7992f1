import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import { ConnectorError } from '../../errors.ts'
import type { DocumentNote } from '../document-origin.ts'
import { documentNote } from '../document-origin.ts'
import type { ParsedDocument } from '../parse-document.ts'
import { walkDocument } from '../walk-document.ts'
import { prepareSwagger } from './prepare-swagger.ts'
import { repairForms } from './repair-forms.ts'
import { COMPONENTS, traceSwagger } from './trace-swagger.ts'

/**
 * Converts a Swagger 2.0 document to OpenAPI 3.0 (docs/x-flow.md#swagger-20). Nothing is fetched. Its values are still
 * found in the hosted text.
 *
 * @throws ConnectorError `DOCUMENT_NOT_CONVERTED`
 */
export async function convertSwagger(document: ParsedDocument): Promise<ParsedDocument> {
  const { root, url } = document
  const { tree, restore } = prepareSwagger(root)
  const converted = restore(await runConverter(tree, url))
  if (!isJsonObject(converted)) {
    throw new ConnectorError('DOCUMENT_NOT_CONVERTED', { url, reason: 'nothing is left of it' })
  }
  const repaired = { ...repairForms(converted), ...repairedServers(converted, url) }
  const whole = { ...repaired, ...repairedSchemes(root, repaired) }
  const notes = [documentNote('SWAGGER_CONVERTED', ''), ...losses(whole)]
  const moved = Object.fromEntries(
    Object.entries(COMPONENTS).map(([after, before]) => [before, `$.components.${after}`])
  )
  const origin = { overlays: [], originOf: traceSwagger(root, whole), notes, moved }
  return { ...document, root: whole, origin }
}

/** Where the converter says what it loses. */
const WARNING = 'x-s2o-warning'

/** What the converter could not keep; references that lead nowhere are told when they are followed. */
function losses(root: JsonObject): DocumentNote[] {
  const notes: DocumentNote[] = []
  walkDocument(root, '', (value, at) => {
    const reason = textMember(value, WARNING)
    if (reason === undefined || reason.includes('reference') || reason.includes('$ref')) return
    notes.push(documentNote('SWAGGER_LOST', at, { reason }))
  })
  return notes
}

type Converter = typeof import('swagger2openapi')

async function runConverter(tree: JsonObject, url: string): Promise<JsonValue> {
  const { convertObj } = await import('swagger2openapi')
  try {
    if (!isInput(tree)) throw new Error('it is no object')
    const options = { patch: true, warnOnly: true, direct: true, text: ' ', resolve: false }
    const converted: unknown = await convertObj(tree, options)
    return isJsonObject(converted) ? converted : null
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'the converter fails'
    throw new ConnectorError('DOCUMENT_NOT_CONVERTED', { url, reason })
  }
}

/** Broken documents are converted as far as possible; the check is for the type. */
function isInput(tree: object): tree is Parameters<Converter['convertObj']>[0] {
  return 'swagger' in tree
}

/** The servers that can be called; one without a scheme has that of the document, or https. */
function repairedServers({ servers }: JsonObject, url: string): JsonObject {
  if (!isJsonArray(servers)) return {}
  const usable = servers.filter(server => !/^wss?:/i.test(textMember(server, 'url') ?? ''))
  const isHosted = /^https?:/i.test(url)
  const absolute = usable.map(server => {
    const given = textMember(server, 'url') ?? ''
    const isOpen = given.startsWith('//') && !isHosted && isJsonObject(server)
    return isOpen ? { ...server, url: `https:${given}` } : server
  })
  return { servers: absolute }
}

/** The security schemes with the whole addresses of their flows, whose queries the converter cuts. */
function repairedSchemes(root: JsonObject, { components }: JsonObject): JsonObject {
  const schemes = member(components, 'securitySchemes')
  if (!isJsonObject(components) || !isJsonObject(schemes)) return {}
  const whole = Object.entries(schemes).map(([name, scheme]): [string, JsonValue] => {
    const flows = member(scheme, 'flows')
    const given = member(root.securityDefinitions, name)
    if (!isJsonObject(scheme) || !isJsonObject(flows) || given === undefined) return [name, scheme]
    const addressed = Object.entries(flows).map(([flow, held]): [string, JsonValue] => {
      const urls = ['authorizationUrl', 'tokenUrl'].flatMap((key): [string, JsonValue][] => {
        const address = textMember(given, key)?.trim()
        return address === undefined || address === '' ? [] : [[key, address]]
      })
      return [flow, isJsonObject(held) ? { ...held, ...Object.fromEntries(urls) } : held]
    })
    return [name, { ...scheme, flows: Object.fromEntries(addressed) }]
  })
  return { components: { ...components, securitySchemes: Object.fromEntries(whole) } }
}
