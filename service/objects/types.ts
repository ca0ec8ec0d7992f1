import type { JsonObject, JsonValue } from '../base/json.ts'

/** A property of a flow object. Every scalar is text (docs/protocol.md#values). */
export type FlowProperty = {
  /** The property's developer name, which is also its database field name. */
  readonly developerName: string
  readonly contentType: string | null
  /** Text of a scalar; null for no value, and for objects and lists. */
  readonly contentValue: string | null
  /** Objects of a ContentObject (none or one) or ContentList; null for scalars. */
  readonly objectData: readonly FlowObject[] | null
}

/** A flow object (docs/protocol.md#objects) without the constant members of the wire format. */
export type FlowObject = {
  readonly externalId: string | null
  /** The engine's own id of its copy, echoed on save. */
  readonly internalId: string | null
  /** Name of the type. */
  readonly developerName: string
  readonly order: number
  readonly properties: readonly FlowProperty[]
  /** What the API's object has and the properties do not show; absent for nothing. */
  readonly unseen?: Unseen
}

/**
 * What an answer held of an object besides what its properties show (docs/x-flow.md#what-a-flow-has-seen).
 * Nested objects have their own.
 */
export type Unseen = {
  /** Properties whose members the answer lacked. */
  readonly absent: readonly string[]
  /** By property, the values that could not be read, or came in another form than the schema's. */
  readonly asCame: { readonly [property: string]: JsonValue }
  /** The whole JSON object, where it was read to be written back. */
  readonly whole?: JsonObject
}

/** The objects of an answer as JSON, and whether they were a list. */
export type FoundRecords = { readonly values: readonly JsonValue[]; readonly isList: boolean }
