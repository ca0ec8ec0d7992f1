import type { JsonObject } from '../base/json.ts'
import type { ScalarKind } from './type-record.ts'

/** The body that an endpoint takes, whatever fills it. */
export type BodyRecord = {
  readonly mediaType: string
  readonly encoding: 'json' | 'form' | 'multipart'
  /** The endpoint takes no call without a body. */
  readonly required: boolean
  /** False for the JSON body that a POST, PUT or PATCH takes where the document declares none. */
  readonly isDeclared: boolean
  /** How members of a form or a multipart body are written, where it is not the usual way. */
  readonly fields?: { readonly [member: string]: FieldRecord }
}

/** How one member of a form or a multipart body is written (OpenAPI 3.1.1, 4.8.15). */
export type FieldRecord = {
  /** Written like a parameter of a query; null: by its media type. */
  readonly style: {
    readonly style: 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject'
    readonly explode: boolean
    readonly allowReserved: boolean
  } | null
  /** The declared `contentType`; null: JSON for objects, no type for scalars. */
  readonly mediaType: string | null
  /** Headers of a part whose only value the document names. */
  readonly headers: { readonly [name: string]: string }
  /** The value is a file; null: it is not. */
  readonly file: FileRecord | null
}

export type FileRecord = {
  /** How the text of a flow stands for the bytes; `text`: in UTF-8. */
  readonly coding: 'base64' | 'base64url' | 'hex' | 'text'
  readonly mediaType: string
  /** The member of the body that has the file's name; null: the name of the file's own member. */
  readonly nameFrom: string | null
}

/** How an object becomes the body of a request. */
export type BodyUse = {
  /** The levels around the object, from the outside in. */
  readonly wrap: readonly WrapStep[]
  /** JSON members of the type that are not sent. */
  readonly exclude: readonly string[]
  /** Null: the type decides. */
  readonly shape: BodyShape | null
}

/** One level around the object. */
export type WrapStep =
  /** An array of the one object, or of those of a batch. */
  | { readonly form: 'list' }
  /** An object whose member holds the next level, beside members with only one possible value. */
  | { readonly form: 'member'; readonly key: string; readonly constants: JsonObject }

/** Why a mapping cannot write a body, so that no call is made. */
export type BodyRefusal =
  /** No declared media type can be written; `given` names them. */
  | { readonly refused: 'BODY_UNSUPPORTED'; readonly given: string }
  /** The body and the type have nothing in common. */
  | { readonly refused: 'BODY_REQUIRED'; readonly reason: string }

/** What a body takes of an object of a type. */
export type BodyShape = {
  /** By JSON member of the type; others are not sent. Null: as the type has it. */
  readonly members: { readonly [key: string]: BodyMember } | null
  /**
   * Required members with only one possible value, for where the object has none. Those of the outermost
   * object are no part of its own members, so that they are no change of it.
   */
  readonly constants?: JsonObject
  /**
   * The members besides those of the type that a schema with `additionalProperties: false` takes; absent: any.
   * They are sent only if the whole object is.
   */
  readonly others?: readonly string[]
  /** Required members that neither the type nor a constant fills. Absent for none. */
  readonly missing?: readonly string[]
}

/** How a body takes one member of an object. */
export type BodyMember = (
  | ScalarMember
  /** An object, or a list of objects, by their members. */
  | { readonly shape: BodyShape }
  /** As the type has it. */
  | { readonly whole: true }
  /** It cannot be sent; the words say what would be right. */
  | { readonly misfit: string }
) & {
  /** Its name in the body, where the type has another. */
  readonly as?: string
  /** The body has an array where the type has one value, or one value where the type has a list. */
  readonly count?: 'list' | 'one'
  /** Empty text clears it. */
  readonly emptyAllowed?: boolean
  /** The body needs it. Absent: it may lack. */
  readonly required?: true
}

/** A scalar, or each item of a list of scalars. An object is written as its id. */
type ScalarMember = {
  readonly kind: ScalarKind
  readonly nullable: boolean
  readonly emptyAllowed: boolean
}

/** A value of the body that does not come from the object but from sources of its own. */
export type BodyPlace = {
  /** Members from the whole body to the value. */
  readonly path: readonly string[]
  /** Positions in the path of the members that are those of items of an array; absent: none. */
  readonly lists?: readonly number[]
  readonly kind: ScalarKind
  /** Allowed values, as texts. */
  readonly allowed: readonly string[] | null
  /** The body has an array there. */
  readonly list: boolean
}
