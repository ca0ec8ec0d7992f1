import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { headerOf } from '../support/login.ts'
import type { Found } from '../support/start-connector.ts'
import {
  condition,
  data,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'
import { spotify } from './fake-spotify.ts'
import { logIn } from './log-in.ts'
import { FIRST_TOKEN } from './serve-tokens.ts'
import { startFakeApi } from './start-fake-api.ts'

/** Spotify with as many playlists as asked for and 60 tracks, of which the first playlist has all. */
async function startSpotify(t: TestContext, playlists = 1) {
  const api = await startFakeApi(t, spotify)
  const insert = (table: string, ...values: readonly (string | number)[]) =>
    api.store
      .prepare(`insert into ${table} values (${values.map(() => '?').join()})`)
      .run(...values)
  for (let number = 1; number <= playlists; number++) {
    insert('playlists', `pl${number}`, `list ${number}`, 'as before', number % 2, 0)
  }
  for (let number = 1; number <= 60; number++) {
    insert(
      'tracks',
      `tr${number}`,
      number % 3 === 0 ? `Lamp ${number}` : `Quay ${number}`,
      'Night Walks'
    )
    insert(
      'entries',
      'pl1',
      `tr${number}`,
      `2024-05-02T18:30:${String(number % 60).padStart(2, '0')}Z`
    )
  }
  const configuration = { 'Schema URL': api.documentUrl, 'Bearer Token': FIRST_TOKEN }
  const connector = await startConnector(t, configuration)
  return { api, connector, configuration }
}

const range = (name: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => name + String(from + at))

/** The objects of a property. */
function inner(value: Found[string] | undefined): readonly Found[] {
  assert.ok(typeof value === 'object' && value !== null)
  return value
}

/** The calls, decoded. */
const calls = (api: { takeCalls(): string[] }): string[] =>
  api.takeCalls().map(call => decodeURIComponent(call.replace('/v1/', '/')))

test('M18 Spotify has playlists, their items and tracks, and an item knows its playlist and track', async t => {
  const { connector } = await startSpotify(t)
  const { typeElements } = await connector.install()
  const bound = typeElements.filter(({ bindings }) => bindings.length > 0)
  assert.deepEqual(
    bound.map(({ developerName }) => developerName),
    ['Playlist', 'Playlist Item', 'Track']
  )
  const filter = { where: [condition('playlist_id', 'pl1')], limit: 1 }
  const [item] = found(await connector.load('Playlist Item', filter))
  assert.equal(item?.playlist_id, 'pl1')
  assert.equal(item?.added_at, '2024-05-02T18:30:01Z')
  const [track] = inner(item?.item)
  assert.deepEqual([track?.externalId, track?.uri], ['tr1', 'spotify:track:tr1'])
  assert.equal(inner(track?.album)[0]?.release_date, '2012-11')
})

test('E23 windows of 120 playlists are exact over pages of fifty, and the total ends the list', async t => {
  const { api, connector } = await startSpotify(t, 120)
  for (const [offset, limit, last, more] of [
    [0, 10, 10, true],
    [45, 60, 105, true],
    [100, 20, 120, false],
    [120, 10, 119, false]
  ] as const) {
    const answer = data(await connector.load('Playlist', { offset, limit }))
    const ids = answer.objectData.map(({ externalId }) => externalId)
    assert.deepEqual(ids, range('pl', offset + 1, Math.max(last, offset)), String(offset))
    assert.equal(answer.hasMoreResults, more)
  }
  const made = calls(api)
  assert.ok(
    made.every(call => call.endsWith('-> 200')),
    made.join('\n')
  )
  assert.ok(made.length <= 6, made.join('\n'))
})

test('D01 a search is sent with its type and paged by ten, and without one nothing is asked', async t => {
  const { api, connector } = await startSpotify(t)
  const answer = data(await connector.load('Track', { search: 'lamp', limit: 15 }))
  assert.deepEqual(
    answer.objectData.map(({ externalId }) => externalId),
    Array.from({ length: 15 }, (_, at) => `tr${3 * (at + 1)}`)
  )
  assert.equal(answer.hasMoreResults, true)
  const made = calls(api)
  assert.ok(
    made.length === 2 && made.every(call => /search\?q=lamp&type=track&limit=\d/.test(call)),
    made.join('\n')
  )
  const untold = await connector.load('Track')
  assert.deepEqual(refusal(untold), ['PARAMETER_REQUIRED', 400])
  assert.deepEqual(api.takeCalls(), [])
})

test('D12 conditions and an order that Spotify does not know are evaluated over all its pages', async t => {
  const { api, connector } = await startSpotify(t, 120)
  const filter = {
    where: [condition('public', 'true'), condition('name', '1', 'ENDS_WITH')],
    orderBy: [{ columnName: 'name', direction: 'DESC' }],
    limit: 3
  }
  const names = found(await connector.load('Playlist', filter)).map(({ name }) => name)
  assert.deepEqual(names, ['list 91', 'list 81', 'list 71'])
  assert.equal(calls(api).length, 3)
})

test('C02 a playlist is created, loaded by its id, changed in part and taken out of the library', async t => {
  const { api, connector } = await startSpotify(t)
  const given = { name: 'Night ferry', description: 'For the crossing', public: 'false' }
  const [saved] = found(await connector.save('Playlist', flowObject(null, given)))
  assert.deepEqual(
    [saved?.name, saved?.uri],
    ['Night ferry', `spotify:playlist:${saved?.externalId}`]
  )
  const id = String(saved?.externalId)
  assert.deepEqual(calls(api), [
    'POST /me/playlists {"name":"Night ferry","description":"For the crossing","public":false} -> 201'
  ])
  data(await connector.save('Playlist', flowObject(id, { description: '' })))
  data(await connector.save('Playlist', flowObject(id, { name: 'Day ferry' })))
  assert.deepEqual(calls(api), [
    `PUT /playlists/${id} {"description":""} -> 200`,
    `PUT /playlists/${id} {"name":"Day ferry"} -> 200`
  ])
  const loaded = data(await connector.load('Playlist', { id }))
  const [playlist] = found({ status: 200, text: '', body: { ...loaded } })
  assert.deepEqual(
    [playlist?.name, playlist?.description, playlist?.public],
    ['Day ferry', '', 'false']
  )
  api.takeCalls()
  data(await connector.remove('Playlist', ...loaded.objectData))
  assert.deepEqual(calls(api), [`DELETE /me/library?uris=spotify:playlist:${id} -> 200`])
  assert.deepEqual(found(await connector.load('Playlist', { id })), [])
})

test('S11 a track is put into a playlist and taken out by members of bodies', async t => {
  const { api, connector } = await startSpotify(t, 2)
  const track = flowObject('tr7', { uri: 'spotify:track:tr7' })
  data(
    await connector.save('Playlist Item', flowObject(null, { playlist_id: 'pl2', item: [track] }))
  )
  assert.deepEqual(calls(api), ['POST /playlists/pl2/items {"uris":["spotify:track:tr7"]} -> 201'])
  const { objectData } = data(
    await connector.load('Playlist Item', { where: [condition('playlist_id', 'pl2')] })
  )
  assert.equal(objectData.length, 1)
  api.takeCalls()
  data(await connector.remove('Playlist Item', ...objectData))
  assert.deepEqual(calls(api), [
    'DELETE /playlists/pl2/items {"items":[{"uri":"spotify:track:tr7"}]} -> 200'
  ])
  const count = api.store.prepare("select count(*) as n from entries where playlist = 'pl2'").get()
  assert.equal(count?.n, 0)
})

test('M18 a track that is in a playlist several times is shown as often', async t => {
  const { api, connector } = await startSpotify(t, 2)
  for (const second of ['07', '07', '09']) {
    api.store.exec(`insert into entries values ('pl2', 'tr1', '2024-05-02T18:30:${second}Z')`)
  }
  const answer = data(
    await connector.load('Playlist Item', { where: [condition('playlist_id', 'pl2')] })
  )
  assert.deepEqual([answer.objectData.length, answer.hasMoreResults], [3, false])
})

test('W11 a refusal has the words of Spotify, and what is gone is no object', async t => {
  const { connector, configuration } = await startSpotify(t)
  const unnamed = await connector.save('Playlist', flowObject(null, { description: 'no name' }))
  assert.deepEqual(refusal(unnamed), ['API_ERROR', 400])
  assert.match(problem(unnamed).message, /^Missing required field: name/)
  assert.deepEqual(found(await connector.load('Track', { id: 'none' })), [])
  const as = connector.as({ configuration: { ...configuration, 'Bearer Token': 'old' } })
  const expired = await as.load('Playlist')
  assert.deepEqual(refusal(expired), ['API_ERROR', 401])
  assert.match(problem(expired).message, /The access token expired/)
})

test('P13 a limit is waited for by reads and writes; after an outage no playlist is created twice', async t => {
  const { api, connector } = await startSpotify(t)
  const limit = {
    status: 429,
    headers: { 'retry-after': '1' },
    body: { error: { status: 429, message: 'API rate limit exceeded' } }
  }
  const statuses = () => api.takeCalls().map(call => call.slice(-3))
  api.refuseNext(limit)
  assert.equal(found(await connector.load('Playlist')).length, 1)
  api.refuseNext(limit)
  data(await connector.save('Playlist', flowObject(null, { name: 'a' })))
  assert.deepEqual(statuses(), ['429', '200', '429', '201'])
  api.refuseNext({ status: 502, body: { error: { status: 502, message: 'Bad gateway' } } })
  assert.match(
    problem(await connector.save('Playlist', flowObject(null, { name: 'b' }))).message,
    /Bad gateway/
  )
  assert.deepEqual(statuses(), ['502'])
})

test('F18 a user logs in with Spotify, and the token of an hour is renewed once for a write too', async t => {
  const { api, connector, configuration } = await startSpotify(t)
  const { client, url, login } = await logIn(connector, configuration)
  assert.equal(url.pathname, '/authorize')
  assert.match(url.searchParams.get('scope') ?? '', /playlist-read-private playlist-modify-private/)
  assert.deepEqual(
    [login.status, login.userId, login.firstName],
    ['AUTHENTICATED', 'mira-at-the-quay', 'Mira']
  )
  const user = client.as({ headers: headerOf(login) })
  assert.equal(found(await user.load('Playlist')).length, 1)
  api.store.exec("update tokens set token = 'over' where token = 'token-1'")
  api.takeCalls()
  data(await user.save('Playlist', flowObject(null, { name: 'Once' })))
  const names = api.store.prepare("select count(*) as n from playlists where name = 'Once'").get()
  assert.equal(names?.n, 1)
  assert.deepEqual(
    calls(api)
      .filter(call => call.startsWith('POST /me'))
      .map(call => call.slice(-3)),
    ['401', '201']
  )
})
