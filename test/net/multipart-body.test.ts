import assert from 'node:assert/strict'
import { test } from 'node:test'

import { encodeMultipart } from '../../service/net/multipart-body.ts'

test('S8 a part is a field, or a file with a media type, a name and further headers', async () => {
  const { bytes, contentType } = encodeMultipart([
    { name: 'title', value: 'Blå', mediaType: null },
    { name: 'photo', value: new Uint8Array([0, 255]), mediaType: 'image/png', filename: 'a.png' },
    { name: 'csv', value: 'a,b', mediaType: 'text/csv', filename: null, headers: { 'X-Row': '2' } },
    { name: 'meta', value: '{}', mediaType: 'application/json' }
  ])
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
  assert.equal(form.get('title'), 'Blå')
  const photo = form.get('photo')
  assert.ok(photo instanceof File)
  assert.deepEqual([photo.name, photo.type], ['a.png', 'image/png'])
  assert.deepEqual([...(await photo.bytes())], [0, 255])
  assert.equal(form.get('csv'), 'a,b')
  const meta = form.get('meta')
  assert.ok(meta instanceof File && meta.name === 'meta')
  assert.match(Buffer.from(bytes).toString(), /Content-Type: text\/csv\r\nX-Row: 2\r\n\r\na,b/)
})

test('S8 a name cannot end its header or begin another part', async () => {
  const name = 'a"\r\nX-Evil: 1\r\n\r\n'
  const part = { name, value: 'x', mediaType: 'text/plain', filename: `${name}.txt` }
  const text = Buffer.from(encodeMultipart([part]).bytes).toString()
  const [, disposition, type, blank, value] = text.split('\r\n')
  const written = 'a%22%0D%0AX-Evil: 1%0D%0A%0D%0A'
  assert.equal(
    disposition,
    `Content-Disposition: form-data; name="${written}"; filename="${written}.txt"`
  )
  assert.deepEqual([type, blank, value], ['Content-Type: text/plain', '', 'x'])
})

test('S8 each body has a boundary of its own, and no part is a body too', () => {
  const [one, two] = [encodeMultipart([]), encodeMultipart([])]
  assert.notEqual(one.contentType, two.contentType)
  const boundary = /boundary=(.+)/.exec(one.contentType)?.[1]
  assert.equal(Buffer.from(one.bytes).toString(), `--${boundary}--\r\n`)
})
