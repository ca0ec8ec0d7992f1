import type { BoundParameter } from '../../service/model/bound-parameters.ts'
import { boundParameters } from '../../service/model/bound-parameters.ts'
import { splitPath } from '../../service/base/dotted-path.ts'
import type { BodyRecord, BodyUse, WrapStep } from '../../service/model/body-record.ts'
import type { EndpointRecord, PagingRecord } from '../../service/model/endpoint-record.ts'
import { NO_PAGING } from '../../service/model/endpoint-record.ts'
import type { MappingRecord } from '../../service/model/mapping-record.ts'
import { isRead } from '../../service/model/mapping-record.ts'

/** A mapping with everything of its endpoint, as tests write and compare it. */
export type MappedCall = Omit<
  MappingRecord,
  'endpoint' | 'bindings' | 'body' | 'paging' | 'origin'
> &
  Omit<EndpointRecord, 'key' | 'pointer' | 'parameters' | 'body' | 'paging'> & {
    readonly parameters: readonly BoundParameter[]
    /** The levels around the object as a dotted path, and whether one of them is an array. */
    readonly body:
      | (Omit<BodyRecord, 'isDeclared'> &
          Pick<BodyUse, 'exclude' | 'shape'> & { readonly wrap: string; readonly list: boolean })
      | null
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
    paging: mapping.paging ?? NO_PAGING
  }
}

function mappedBody({ body: use }: MappingRecord, { body }: EndpointRecord): MappedCall['body'] {
  if (body === null || use === null || 'refused' in use) return null
  const { isDeclared, ...declared } = body
  const { wrap, ...rest } = use
  const keys = wrap.flatMap(step => (step.form === 'member' ? [step.key] : []))
  const list = wrap.some(({ form }) => form === 'list')
  const path = keys.map(key => key.replaceAll('.', '\\.')).join('.')
  return { ...declared, ...rest, wrap: path, list }
}

/** A list that holds everything, and the levels of a dotted path. */
function wrapSteps(path: string, list: boolean): WrapStep[] {
  const members = splitPath(path).map(key => ({ form: 'member', key, constants: {} }) as const)
  return list ? [{ form: 'list' }, ...members] : members
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
        ({ in: location, name, place, sources, fallback, encodeTwice, fromHeaders }) => ({
          ...{ in: location, name, sources, encodeTwice, fromHeaders },
          ...(place !== undefined && { place }),
          ...(fallback !== undefined && { fallback })
        })
      ),
      body: body && {
        wrap: wrapSteps(body.wrap, body.list),
        exclude: body.exclude,
        shape: body.shape
      },
      paging: null,
      origin: { from: 'annotated', score: null, reasons: [] }
    },
    endpoint: {
      ...rest,
      key: endpointKey,
      pointer: '',
      parameters: declared.flatMap(
        ({ in: location, place, sources, fallback, encodeTwice, fromHeaders, ...parameter }) =>
          location === 'body' ? [] : [{ ...parameter, in: location }]
      ),
      body: body && bodyRecord(body)
    }
  }
}

function bodyRecord({ mediaType, encoding, required, fields }: NonNullable<MappedCall['body']>) {
  const own = fields === undefined ? {} : { fields }
  return { mediaType, encoding, required, isDeclared: true, ...own }
}
