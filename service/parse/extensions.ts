import type { Form, Members } from '../base/form.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { fits, violations } from '../base/violations.ts'
import {
  ActionExtension,
  FailureExtension,
  FileExtension,
  IdentityExtension,
  RateLimitExtension,
  RetryExtension,
  RootExtension,
  ValuesExtension
} from './extension-forms.ts'
import {
  MappingExtension,
  PaginationExtension,
  ReadExtension,
  TypeExtension
} from './mapping-forms.ts'

/** The kind of object that a key extends (docs/x-flow.md#where-the-keys-go). */
export type ExtendedObject = 'schema' | 'security scheme' | 'operation' | 'parameter' | 'document'

type ExtensionEntry = {
  readonly schema: Form
  /** What the key says, for editors. */
  readonly says: string
  /** Anchor of its section in docs/x-flow.md. */
  readonly section: string
  readonly extends: readonly ExtendedObject[]
}

const OPERATION_OR_DOCUMENT: readonly ExtendedObject[] = ['operation', 'document']

/** All x-flow keys, with the schemas of their values. */
export const extensions: { readonly [key: string]: ExtensionEntry } = {
  'x-flow-type': {
    schema: TypeExtension,
    says: 'This schema is a flow type.',
    section: 'x-flow-type',
    extends: ['schema']
  },
  'x-flow-load': {
    schema: ReadExtension,
    says: 'The endpoint that loads one object of the type by its id; of several, each request uses one.',
    section: 'mappings',
    extends: ['schema']
  },
  'x-flow-query': {
    schema: ReadExtension,
    says: 'The endpoint that lists objects of the type; of several, each request uses one.',
    section: 'mappings',
    extends: ['schema']
  },
  'x-flow-save': {
    schema: MappingExtension,
    says: 'The endpoint that creates an object of the type.',
    section: 'mappings',
    extends: ['schema']
  },
  'x-flow-update': {
    schema: MappingExtension,
    says: 'The endpoint that updates an object of the type.',
    section: 'mappings',
    extends: ['schema']
  },
  'x-flow-delete': {
    schema: MappingExtension,
    says: 'The endpoint that deletes an object of the type.',
    section: 'mappings',
    extends: ['schema']
  },
  'x-flow-identity': {
    schema: IdentityExtension,
    says: 'Users of flows can log in with this security scheme.',
    section: 'logins',
    extends: ['security scheme']
  },
  'x-flow-pagination': {
    schema: PaginationExtension,
    says: 'How lists are paged.',
    section: 'paging',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-rate-limit': {
    schema: RateLimitExtension,
    says: 'How often endpoints may be called.',
    section: 'conduct',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-retry': {
    schema: RetryExtension,
    says: 'Which failures are tried again.',
    section: 'conduct',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-failure': {
    schema: FailureExtension,
    says: 'How a 2xx answer says that the call was refused; false: it never does.',
    section: 'refusals-in-a-2xx',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-action': {
    schema: ActionExtension,
    says: 'The operation is a message action.',
    section: 'reserved-keys',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-values': {
    schema: ValuesExtension,
    says: 'Where the allowed values come from.',
    section: 'reserved-keys',
    extends: ['parameter', 'schema']
  },
  'x-flow-file': {
    schema: FileExtension,
    says: 'The endpoints for files.',
    section: 'reserved-keys',
    extends: ['document']
  },
  'x-flow': {
    schema: RootExtension,
    says: 'Defaults of the document.',
    section: 'reserved-keys',
    extends: ['document']
  }
}

/** A violation of the schema of a key. */
export type Misfit = {
  /** Member names from the value of the key to the violation. */
  readonly path: readonly string[]
  /** For people: `pagination.type must be one of offset, page`. */
  readonly reason: string
  /** The words that the value there may be; none where it may be something else. */
  readonly words: readonly string[]
}

/** The first violation of a key's schema; undefined when the value is valid. */
export function misfit(schema: Form, value: JsonValue): Misfit | undefined {
  if (fits(schema, value)) return undefined
  // An object is told about the members of an object, not about the other forms of the key.
  const object = isJsonObject(value) ? objectForm(schema) : undefined
  if (object !== undefined && object !== schema) return misfit(object, value)
  const found = [...violations(schema, value)]
  const [first] = found
  if (first === undefined) return undefined
  const place = first.path.join('/')
  const here = found.filter(({ path }) => path.join('/') === place)
  const constants = here.flatMap(({ constant }) => (constant === undefined ? [] : [constant]))
  const types = here
    .flatMap(({ type }) => (type === undefined ? [] : [type]))
    .filter(type => !constants.some(constant => typeof constant === type))
  const rule =
    constants.length > 1
      ? `must be one of ${constants.join(', ')}`
      : types.length + constants.length > 1
        ? `must be ${[...constants, ...types].join(' or ')}`
        : first.message
  const { path } = first
  const words = constants.filter(constant => typeof constant === 'string')
  return { path, reason: `${path.length === 0 ? '' : `${path.join('.')} `}${rule}`, words }
}

/** The form of a key that is an object, where it may have others. */
function objectForm(schema: Form): Form | undefined {
  const { anyOf = [schema] } = schema
  return anyOf.find(({ properties }) => properties !== undefined)
}

/** The form of the items of a key that is a list, where it may be one. */
export function itemForm({ items, anyOf = [] }: Form): Form | undefined {
  return items ?? anyOf.find(choice => choice.items !== undefined)?.items
}

/** The members that a schema declares for an object; null when any name is allowed. */
export function knownMembers(schema: Form): Members | null {
  return objectForm(schema)?.properties ?? null
}
