import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import { GROUPS_MAX, readGroups, readMoreGroups } from '../../service/identity/user-groups.ts'

const idsOf = (groups: JsonValue): readonly string[] => readGroups({ groups }, 'groups').ids

test('I15 groups are texts, numbers, or objects with an id, a value or a name, each once', () => {
  const objects = [{ id: 'b', name: 'B' }, { value: 'c', display: 'C' }, { name: 'd' }]
  assert.deepEqual(idsOf(['a', 1, ...objects, 'a', {}, null, [], ' ', true, { id: null }]), [
    ...['a', '1', 'b', 'c', 'd']
  ])
})

test('I15 one group is text, a number or an object, and is not taken apart', () => {
  assert.deepEqual(idsOf('admins'), ['admins'])
  assert.deepEqual(idsOf('a, b'), ['a, b'])
  assert.deepEqual(idsOf(7), ['7'])
  assert.deepEqual(idsOf({ id: 'a', name: 'A' }), ['a'])
})

test('I15 the members of an object are groups if each is an object (Zitadel)', () => {
  assert.deepEqual(idsOf({ admin: { org1: 'acme.example' }, user: {}, boss: false, no: null }), [
    'admin'
  ])
})

test('I15 what says nothing of groups is not given; an empty list is', () => {
  for (const [groups, isGiven] of [
    [null, false],
    ['', false],
    [true, false],
    [[], true],
    [{}, true]
  ] as const) {
    const list = readGroups({ groups }, 'groups')
    assert.deepEqual([list.ids, list.isGiven], [[], isGiven], JSON.stringify(groups))
  }
  assert.equal(readGroups({}, 'groups').isGiven, false)
})

test('I15 groups stand under a whole name first, then under a dotted path', () => {
  const claims = {
    'cognito:groups': ['a'],
    'https://acme.example/roles': ['b'],
    realm_access: { roles: ['c'] },
    'realm_access.roles': ['d'],
    resource_access: { 'my.client': { roles: ['e'] } },
    orgs: [{ teams: ['f'] }]
  }
  for (const [path, ids] of [
    ['cognito:groups', ['a']],
    ['https://acme.example/roles', ['b']],
    ['realm_access.roles', ['d']],
    ['resource_access.my\\.client.roles', ['e']],
    ['orgs[0].teams', ['f']],
    ['roles', []],
    ['__proto__', []]
  ] as const) {
    assert.deepEqual(readGroups(claims, path).ids, ids, path)
  }
  assert.deepEqual(readGroups({ realm_access: { roles: ['c'] } }, 'realm_access.roles').ids, ['c'])
})

test('I15 more than 1,000 groups are read, and a list over the bound is cut', () => {
  const ids = Array.from({ length: GROUPS_MAX + 1 }, (_, index) => `g${index}`)
  const most = readGroups({ groups: ids.slice(1) }, 'groups')
  assert.deepEqual([most.ids.length, most.isCut], [GROUPS_MAX, false])
  const all = readGroups({ groups: ids }, 'groups')
  assert.deepEqual([all.ids.length, all.isCut], [GROUPS_MAX, true])
})

test('I15 a list says that it is cut, and where the rest is', () => {
  const rest = 'https://id.example/rest'
  const distributed = (source: JsonValue) => ({
    _claim_names: { groups: 'src1' },
    _claim_sources: { src1: source }
  })
  const cases: readonly (readonly [description: JsonValue, path: string, url: string | null])[] = [
    [distributed({ endpoint: rest }), 'groups', rest],
    [distributed({ JWT: 'a.b.c' }), 'groups', null],
    [{ _claim_names: { roles: 's' } }, 'roles', null],
    [{ hasgroups: true }, 'groups', null],
    [{ hasgroups: 'true' }, 'groups', null],
    [{ groups: ['a'], 'groups@odata.nextLink': rest }, 'groups', rest],
    [{ value: ['a'], '@odata.nextLink': rest }, 'value', rest],
    [{ m: { items: ['a'], next: rest } }, 'm.items', rest],
    [{ m: { items: ['a'], next: { href: rest } } }, 'm.items', rest],
    [{ groups: ['a'], has_more: true }, 'groups', null],
    [{ groups: ['a'], groups_truncated: true }, 'groups', null]
  ]
  for (const [description, path, url] of cases) {
    const { isCut, next } = readGroups(description, path)
    assert.deepEqual([isCut, next?.url ?? null], [true, url], JSON.stringify(description))
  }
  for (const whole of [
    { groups: ['a'] },
    { groups: ['a'], next: null, has_more: false, hasgroups: false, _claim_names: {} },
    { groups: ['a'], next: '' },
    { groups: ['a'], _claim_names: { other: 'src1' } }
  ]) {
    assert.equal(readGroups(whole, 'groups').isCut, false, JSON.stringify(whole))
  }
  const token = readGroups(distributed({ endpoint: rest, access_token: 't' }), 'groups').next
  assert.deepEqual(token, { url: rest, accessToken: 't' })
})

test('I15 a further part has the groups at their path, under `value`, or is a list itself', () => {
  assert.deepEqual(readMoreGroups({ groups: ['a'] }, 'groups').ids, ['a'])
  assert.deepEqual(readMoreGroups({ value: [{ id: 'b' }] }, 'groups').ids, ['b'])
  assert.deepEqual(readMoreGroups(['c'], 'groups').ids, ['c'])
  assert.deepEqual(readMoreGroups({}, 'groups').ids, [])
})
