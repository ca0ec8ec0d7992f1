import type { BoundParameter } from '../model/bound-parameters.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { ChangePlace } from './change-list.ts'

/** A mapping of one version, with its endpoint and the parameters of its calls. */
export type MappedCall = {
  readonly type: TypeRecord
  readonly mapping: MappingRecord
  readonly endpoint: EndpointRecord
  readonly parameters: readonly BoundParameter[]
}

/** A mapping in both versions, and what is said of it in any message. */
export type MappingPair = {
  readonly was: MappedCall
  readonly is: MappedCall
  readonly holes: { readonly key: string; readonly type: string; readonly what: string }
  readonly place: ChangePlace
}
