import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { flowObject, found, refusal, startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

/** An API that takes `Thing` as a form or a multipart body with an Encoding Object. */
function documentOf(mediaType: string, properties: string, encoding: string): string {
  return `openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: /v1}]
paths:
  /things:
    post:
      requestBody: {content: {${mediaType}: {schema: {$ref: '#/components/schemas/Thing'}, encoding: ${encoding}}}}
      responses: {'201': {description: Made}}
components:
  schemas:
    Thing: {type: object, x-flow-type: {name: Thing}, x-flow-save: {path: /things}, properties: ${properties}}
`
}

const values = (...texts: string[]) => texts.map(Value => flowObject(null, { Value }))

const FORM = 'application/x-www-form-urlencoded'
const LIST = '{type: array, items: {type: string}}'
const POINT = '{type: object, properties: {x: {type: integer}, y: {type: integer}}}'

test('S7 the Encoding Object says how the members of a form are written', async t => {
  const api = await startApi(
    t,
    documentOf(
      FORM,
      `{piped: ${LIST}, spaced: ${LIST}, usual: ${LIST}, text: ${LIST}, deep: ${POINT}, members: ${POINT}, flat: ${POINT}, json: ${POINT}, lines: {type: array, items: ${POINT}}, url: {type: string}}`,
      `{piped: {style: pipeDelimited, explode: false}, spaced: {style: spaceDelimited}, text: {contentType: application/json}, deep: {style: deepObject}, members: {explode: true}, flat: {style: form, explode: false}, lines: {style: deepObject, explode: true}, url: {allowReserved: true}}`
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({})
  const point = [flowObject(null, { x: '1', y: '-2' })]
  const lists = ['piped', 'spaced', 'usual', 'text'].map(name => [name, values('a b', 'c')])
  const points = ['deep', 'members', 'flat', 'json'].map(name => [name, point])
  const lines = [...point, flowObject(null, { x: '3' })]
  const given = {
    ...Object.fromEntries([...lists, ...points]),
    lines,
    url: 'https://a.example/?b=c'
  }
  found(await connector.save('Thing', flowObject(null, given)))
  const [call] = api.calls
  assert.equal(call?.headers['content-type'], FORM)
  assert.deepEqual(
    [...new URLSearchParams(call?.body)],
    [
      ['piped', 'a b|c'],
      ['spaced', 'a b c'],
      ['usual', 'a b'],
      ['usual', 'c'],
      ['text', '["a b","c"]'],
      ['deep[x]', '1'],
      ['deep[y]', '-2'],
      ['x', '1'],
      ['y', '-2'],
      ['flat', 'x,1,y,-2'],
      ['json', '{"x":1,"y":-2}'],
      ['lines[0][x]', '1'],
      ['lines[0][y]', '-2'],
      ['lines[1][x]', '3'],
      ['url', 'https://a.example/?b=c']
    ]
  )
  assert.ok(call?.body.endsWith('url=https://a.example/?b%3Dc'), call?.body)
})

test('S7 what an Encoding Object says and cannot be followed is a warning', async t => {
  const api = await startApi(
    t,
    documentOf(
      FORM,
      `{a: ${LIST}, b: ${POINT}, c: {type: string}}`,
      '{a: {style: matrix}, b: {contentType: application/xml}, c: {contentType: image/*}}'
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { diagnostics } = await connector.preview()
  const found = diagnostics.filter(({ code }) => code === 'ENCODING_UNUSABLE')
  assert.deepEqual(
    found.map(({ severity, pointer }) => `${severity} ${pointer.split('/').at(-1)}`),
    ['warning a', 'warning b']
  )
})

/** The parts of a multipart body, each as its head and its bytes. */
function partsOf(body: Buffer, contentType = ''): { head: string; bytes: Buffer }[] {
  const boundary = /boundary=(.+)$/.exec(contentType)?.[1] ?? ''
  const text = body.toString('latin1')
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map(part => {
      const end = part.indexOf('\r\n\r\n')
      const head = Buffer.from(part.slice(2, end), 'latin1').toString()
      return { head, bytes: Buffer.from(part.slice(end + 4, -2), 'latin1') }
    })
}

test('S8 files of a multipart body are bytes with a name and a media type', async t => {
  const received: Buffer[] = []
  const types: (string | undefined)[] = []
  const document = documentOf(
    'multipart/form-data',
    `{title: {type: string}, photo: {type: string, format: binary}, photo_name: {type: string}, scan: {type: string, contentEncoding: base64url, contentMediaType: application/pdf}, csv: {type: string, contentMediaType: text/csv}, pages: {type: array, items: {type: string, format: binary}}, blob: {type: string, contentMediaType: application/zip}, point: ${POINT}, note: {type: string}}`,
    "{photo: {contentType: 'image/png, image/jpeg', headers: {X-Kind: {schema: {const: main}}, Content-Type: {schema: {type: string, default: x}}}}, note: {contentType: text/markdown}}"
  )
  const url = await startUpstream(t, async (request, response) => {
    if (request.url?.endsWith('.yaml') === true) return void response.end(document)
    received.push(Buffer.concat(await request.toArray()))
    types.push(request.headers['content-type'])
    response.writeHead(201).end()
  })
  const connector = await startConnector(t, { 'Schema URL': `${url}/openapi.yaml` })
  const photo = Buffer.from([0, 255, 13, 10, 45, 45, 128])
  const thing = {
    title: 'Æ',
    photo: photo.toString('base64'),
    photo_name: 'my "photo".png',
    scan: Buffer.from('??>>').toString('base64url'),
    csv: 'a,b\r\n',
    pages: values('YQ==', 'Yg=='),
    blob: 'UEs=',
    point: [flowObject(null, { x: '1' })],
    note: '# hi'
  }
  found(await connector.save('Thing', flowObject(null, thing)))
  const parts = partsOf(received[0] ?? Buffer.alloc(0), types[0])
  const disposition = (rest: string) => `Content-Disposition: form-data; ${rest}`
  assert.deepEqual(
    parts.map(({ head }) => head.split('\r\n')),
    [
      [disposition('name="title"')],
      [
        disposition('name="photo"; filename="my %22photo%22.png"'),
        'Content-Type: image/png',
        'X-Kind: main'
      ],
      [disposition('name="photo_name"')],
      [disposition('name="scan"; filename="scan"'), 'Content-Type: application/pdf'],
      [disposition('name="csv"; filename="csv"'), 'Content-Type: text/csv'],
      [disposition('name="pages"; filename="pages"'), 'Content-Type: application/octet-stream'],
      [disposition('name="pages"; filename="pages"'), 'Content-Type: application/octet-stream'],
      [disposition('name="blob"; filename="blob"'), 'Content-Type: application/zip'],
      [disposition('name="point"; filename="point"'), 'Content-Type: application/json'],
      [disposition('name="note"'), 'Content-Type: text/markdown']
    ]
  )
  assert.deepEqual(parts[1]?.bytes, photo)
  assert.deepEqual(
    parts.filter((_, index) => index !== 1).map(({ bytes }) => bytes.toString()),
    ['Æ', 'my "photo".png', '??>>', 'a,b\r\n', 'a', 'b', 'PK', '{"x":1}', '# hi']
  )
  // What is no base64 is no file.
  const text = await connector.save('Thing', flowObject(null, { photo: 'just text' }))
  assert.deepEqual(refusal(text), ['PARAMETER_INVALID', 400])
  assert.equal(received.length, 1)
})
