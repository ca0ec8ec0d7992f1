import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateFromApi, dateFromFlow } from '../../service/objects/date-text.ts'

const OUT = [
  ['date', '2024-03-09', '2024-03-09T00:00:00Z'],
  ['date', '2024-03-09T23:00:00+02:00', '2024-03-09T00:00:00Z'],
  ['date-time', '2024-03-09T14:05:00Z', '2024-03-09T14:05:00Z'],
  ['date-time', '2024-03-09T14:05:00', '2024-03-09T14:05:00Z'],
  ['date-time', '2024-03-09T14:05+02:00', '2024-03-09T14:05:00+02:00'],
  ['date-time', '2024-03-09 14:05:00.1234567-0530', '2024-03-09T14:05:00.1234567-05:30'],
  ['date-time', '2024-03-09t14:05:00z', '2024-03-09T14:05:00Z'],
  ['date-time', '2024-02-29', '2024-02-29T00:00:00Z'],
  ['date-time', '0001-01-01T00:00:00', null],
  ['date', '2023-02-29', undefined],
  ['date', '03/09/2024', undefined],
  ['date-time', '2024-13-01T00:00:00Z', undefined],
  ['date-time', '2024-03-09T24:00:00Z', undefined],
  ['date-time', '2024-03-09T14:05:00+15:00', undefined],
  ['date-time', '0000-01-01T00:00:00Z', undefined],
  ['date-time', 'soon', undefined]
] as const

for (const [kind, given, wanted] of OUT) {
  test(`vector 10 an API's ${kind} "${given}" comes out as ${wanted}`, () => {
    assert.equal(dateFromApi(kind, given), wanted)
  })
}

const BACK = [
  ['date', '2024-03-09T00:00:00Z', '2024-03-09'],
  ['date', '2024-03-09T23:00:00+02:00', '2024-03-09'],
  ['date', '2024-03-09', '2024-03-09'],
  ['date', '03/09/2024 11:30:00 PM -08:00', '2024-03-09'],
  ['date', '0001-01-01T00:00:00+00:00', null],
  ['date-time', '2024-03-09T14:05:00.0000000+00:00', '2024-03-09T14:05:00.0000000+00:00'],
  ['date-time', '2024-03-09T14:05:00', '2024-03-09T14:05:00Z'],
  ['date-time', '2024-03-09', '2024-03-09T00:00:00Z'],
  ['date-time', '03/09/2024 02:05:00 PM +00:00', '2024-03-09T14:05:00+00:00'],
  ['date-time', '12/31/1999 12:00:01 AM +00:00', '1999-12-31T00:00:01+00:00'],
  ['date-time', '3/9/2024 12:05:00 PM', '2024-03-09T12:05:00Z'],
  ['date-time', '0001-01-01T00:00:00.0000000+00:00', null],
  ['date-time', '03/09/2024 13:05:00 PM +00:00', undefined],
  ['date-time', '13/09/2024 01:05:00 PM +00:00', undefined],
  ['date-time', '', undefined]
] as const

for (const [kind, given, wanted] of BACK) {
  test(`vector 10 a flow's "${given}" goes to the API as ${kind} ${wanted}`, () => {
    assert.equal(dateFromFlow(kind, given), wanted)
  })
}

test('a day is read where its year has it, alone and with a time', () => {
  for (const year of ['1900', '2000', '2023', '2024']) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const [mm, dd] = [month, day].map(part => String(part).padStart(2, '0'))
        const text = `${year}-${mm}-${dd}`
        const real = new Date(Date.UTC(Number(year), month - 1, day)).toISOString().slice(0, 10)
        const isDay = real === text
        const moment = `${text}T23:59:59.123Z`
        assert.equal(dateFromApi('date', text), isDay ? `${text}T00:00:00Z` : undefined)
        assert.equal(dateFromApi('date-time', moment), isDay ? moment : undefined)
      }
    }
  }
})
