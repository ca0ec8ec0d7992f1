import type { Form } from '../../service/base/form.ts'
import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { extensions } from '../../service/parse/extensions.ts'
import type { Chooser } from './chooser.ts'

/** Texts that mean something, by the member that they stand in. Blank: any other member, and names. */
const WORDS: { readonly [member: string]: readonly [string, ...string[]] } = {
  '': ['id', 'q', 'limit', 'offset', 'X-V', 'body.a', 'query.q', 'name', 'a.b', '__proto__', ''],
  operation: ['get', 'PUT', 'patch', 'post', 'QUERY', 'odd'],
  records: ['', 'data', 'items', 'data.items', 'd.results', 'nothing'],
  body: ['', 'data', 'data.item'],
  offsetParam: ['offset', 'q', 'page', 'body.a'],
  pageParam: ['page', 'q', 'nothing'],
  cursorParam: ['after', 'q', 'X-V'],
  cursorField: ['next', 'meta.next', 'header:X-Next', 'id'],
  linkField: ['next', 'links.next', 'header:Location'],
  totalField: ['total', 'meta.total', 'id'],
  hasMoreField: ['more', 'next'],
  pageSizeParam: ['limit', 'q', 'size'],
  remainingHeader: ['X-Remaining', 'Ā'],
  resetHeader: ['X-Reset', ''],
  flag: ['ok', 'a.b', 'status', 'error'],
  message: ['message', 'error.message'],
  defaultUrl: ['/v1/me', '/me', '//', 'http://['],
  userInfoUrl: ['/v1/me', '', 'x y'],
  groups: ['groups', 'memberOf.items', 'groups.name'],
  userId: ['id', 'sub', 'owner.id', ''],
  email: ['email', 'name']
}

const SOURCES = [
  'externalId',
  'name',
  'status',
  'owner.id',
  '$User.Email',
  '$Var.A',
  '$Var.B',
  'search',
  'orderBy',
  'limit',
  'where.name',
  'nothing',
  ''
] as const

const WRONG = [null, true, -1, 'x', [], {}, [[]]] as const

/** Grows the value of an `x-flow` key by its form, with mistakes now and then. */
export function growExtension(chooser: Chooser, key: string): JsonValue {
  return growForm(chooser, extensions[key]?.schema ?? {}, '')
}

/** Grows a value that a form allows, as the member of a name. */
function growForm(chooser: Chooser, form: Form, name: string): JsonValue {
  const { pick, once, below, some } = chooser
  if (once(40)) return pick<JsonValue>(WRONG)
  const [first, ...others] = form.anyOf ?? []
  if (first !== undefined) return growForm(chooser, pick([first, ...others]), name)
  if (form.const !== undefined) return form.const
  switch (form.type) {
    case 'boolean':
      return once(2)
    case 'integer':
    case 'number':
      return (form.minimum ?? 0) + (once(3) ? chooser.size(400) : 1 + below(3))
    case 'array':
      return some(12, () => growForm(chooser, form.items ?? {}, name))
    case 'object': {
      const members = Object.entries(form.properties ?? {})
        .filter(([member]) => form.required?.includes(member) === true || once(4))
        .map(([member, inner]) => [member, growForm(chooser, inner, member)] as const)
      const values = form.additionalProperties
      const more =
        values === undefined
          ? []
          : some(8, () => [pick(wordsOf('')), growForm(chooser, values, '')] as const)
      return Object.fromEntries([...members, ...more])
    }
    case 'null':
      return null
    case 'string':
      return pick(wordsOf(name))
    default:
      return growSource(chooser)
  }
}

/** Where the value of a parameter comes from. */
function growSource({ pick, once }: Chooser): JsonValue {
  const from = pick(SOURCES)
  const more: JsonObject = {
    ...(once(2) && { default: pick<JsonValue>(['1', 2, null, true]) }),
    ...(once(4) && { encode: pick(['double', 'odd']) }),
    ...(once(6) && { ascending: '{name}', descending: '-{name}' })
  }
  return once(3) ? { from, ...more } : once(8) ? { default: 'x' } : from
}

function wordsOf(name: string): readonly [string, ...string[]] {
  return WORDS[name] ?? ['id', 'name', 'limit', 'a.b', '']
}
