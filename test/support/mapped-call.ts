import type { BoundParameter } from '../../service/model/bound-parameters.ts'
import { boundParameters } from '../../service/model/bound-parameters.ts'
import type {
  BodyRecord,
  EndpointRecord,
  PagingRecord
} from '../../service/model/endpoint-record.ts'
import type { BodyUse, MappingRecord } from '../../service/model/mapping-record.ts'
import { isRead } from '../../service/model/mapping-record.ts'
import { bodyForm } from '../../service/objects/encode-object.ts'

/** A mapping with everything of its endpoint, as tests write and compare it. */
export type MappedCall = Omit<
  MappingRecord,
  'endpoint' | 'bindings' | 'body' | 'paging' | 'origin'
> &
  Omit<EndpointRecord, 'key' | 'pointer' | 'parameters' | 'body' | 'paging'> & {
    readonly parameters: readonly BoundParameter[]
    readonly body: (Omit<BodyRecord, 'isDeclared'> & BodyUse) | null
    readonly paging: PagingRecord
  }

export function mappedCall(mapping: MappingRecord, endpoint: EndpointRecord): MappedCall {
  const { endpoint: _, bindings, origin, ...ofMapping } = mapping
  const { key, pointer, parameters, ...ofEndpoint } = endpoint
  return {
    ...ofEndpoint,
    ...ofMapping,
    parameters: boundParameters(endpoint, bindings),
    body: mappedBody(mapping, endpoint),
    answersJson: endpoint.answersJson || isRead(mapping.verb),
    paging: mapping.paging ?? endpoint.paging
  }
}

function mappedBody({ body: use }: MappingRecord, { body }: EndpointRecord): MappedCall['body'] {
  if (body === null || use === null) return null
  const { isDeclared, ...declared } = body
  return { ...declared, ...use, shape: bodyForm(body, use)?.shape ?? null }
}

/** The two records that make a call. */
export function recordsOf(call: MappedCall): {
  readonly mapping: MappingRecord
  readonly endpoint: EndpointRecord
} {
  const { key, verb, type, pointer, records, answer, parameters, body, ...others } = call
  const { batchSize, blank, merge, example, ...rest } = others
  const endpointKey = `${call.method} ${call.path}`
  const declared = parameters.filter(({ fromHeaders }) => !fromHeaders)
  return {
    mapping: {
      ...{ key, verb, type, pointer, records, answer, batchSize, blank, merge, example },
      endpoint: endpointKey,
      bindings: parameters.map(
        ({ in: place, name, sources, fallback, encodeTwice, fromHeaders }) => ({
          ...{ in: place, name, sources, encodeTwice, fromHeaders },
          ...(fallback !== undefined && { fallback })
        })
      ),
      body: body && { wrap: body.wrap, exclude: body.exclude },
      paging: null,
      origin: { from: 'annotated', score: null, reasons: [] }
    },
    endpoint: {
      ...rest,
      key: endpointKey,
      pointer: '',
      parameters: declared.map(
        ({ sources, fallback, encodeTwice, fromHeaders, ...parameter }) => parameter
      ),
      body: body && { ...body, isDeclared: true }
    }
  }
}
