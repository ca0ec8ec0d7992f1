import type { MadeTextSchema } from '../../model/example-record.ts'
import { momentOf } from './moment-meaning.ts'
import { makePattern } from './make-pattern.ts'
import type { Meaning } from './meaning.ts'
import type { Place } from './place.ts'
import { hexAt, inTurn } from './place.ts'
import type { Subject } from './subject.ts'
import { personOf } from './subject.ts'

/** What the formats that are known are called in documents, without what joins their words. */
const FORMATS: ReadonlyMap<string, Format> = new Map(
  (
    [
      ['date', 'date fulldate isodate iso8601date'],
      [
        'date-time',
        'datetime isodatetime iso8601 timestamp rfc3339 datetimeoffset iso8601datetime localdatetime utcdatetime googledatetime datetimerfc3339'
      ],
      ['time', 'time fulltime partialtime isotime localtime'],
      ['unix-time', 'unixtime unixtimestamp epoch epochtime unix unixtimems epochms epochmillis'],
      ['email', 'email idnemail emailaddress mail'],
      ['uri', 'uri url iri urireference irireference link uritemplate href httpurl httpsurl'],
      ['uuid', 'uuid guid uuidv4 uuid4 guiduuid'],
      ['hostname', 'hostname idnhostname domain domainname fqdn'],
      ['ipv4', 'ipv4 ip ipaddress'],
      ['ipv6', 'ipv6'],
      ['mac', 'mac macaddress'],
      ['duration', 'duration timespan iso8601duration googleduration period'],
      ['phone', 'phone phonenumber tel telephone e164 mobile'],
      [
        'number',
        'decimal double float number numeric int32 int64 int integer long uint64 uint32 bigint currency money amount bigdecimal biginteger'
      ],
      ['boolean', 'boolean bool'],
      ['byte', 'byte base64 base64url binary bytes'],
      ['password', 'password']
    ] as const
  ).flatMap(([format, names]) => names.split(' ').map(name => [name, format] as const))
)

type Format =
  | 'date'
  | 'date-time'
  | 'time'
  | 'unix-time'
  | 'email'
  | 'uri'
  | 'uuid'
  | 'hostname'
  | 'ipv4'
  | 'ipv6'
  | 'mac'
  | 'duration'
  | 'phone'
  | 'number'
  | 'boolean'
  | 'byte'
  | 'password'

/** The format that a name of one means; undefined for one that is not known. */
export function knownFormat(name: string | undefined): Format | undefined {
  return name === undefined ? undefined : FORMATS.get(name.toLowerCase().replace(/[^a-z0-9]/g, ''))
}

/** Texts that a property of a format, and of that meaning, may have; the likeliest first. */
export function textCandidates(
  format: Format | undefined,
  meaning: Meaning,
  subject: Subject,
  key: string,
  place: Place
): readonly string[] {
  const told = meaning.texts ?? []
  const moment = meaning.moment ?? momentOf(subject, key)
  switch (format) {
    case 'date':
      return [dateText(moment)]
    case 'date-time':
      return [dateTimeText(moment)]
    case 'time':
      return [dateTimeText(moment).slice(11)]
    case 'unix-time':
      return [String(moment / 1_000), String(moment)]
    case 'email':
      return [
        ...told.filter(text => text.includes('@')),
        personOf(subject, '').email,
        'a@example.com'
      ]
    case 'uri':
      return [
        ...told.filter(text => text.startsWith('https:')),
        `https://example.com/${hexAt(place, 6)}`,
        'https://example.com'
      ]
    case 'uuid':
      return [uuidOf(place)]
    case 'hostname':
      return [...told.filter(text => text.startsWith('example.')), 'example.com']
    case 'ipv4':
      return [`192.0.2.${1 + inTurn(place, 250)}`]
    case 'ipv6':
      return [`2001:db8::${(1 + inTurn(place, 250)).toString(16)}`]
    case 'mac':
      return [`00:00:5e:00:53:${hexAt(place, 2)}`]
    case 'duration':
      return [`PT${15 * (1 + inTurn(place, 8))}M`]
    case 'phone':
      return told.some(text => text.includes('555'))
        ? told
        : [`+1 202-555-01${twoDigits(place)}`, `+120255501${twoDigits(place)}`]
    case 'number': {
      const numbers = told.filter(text => /^-?\d+(\.\d+)?$/.test(text))
      return numbers.length > 0 ? numbers : [String(meaning.number ?? 1 + inTurn(place, 50))]
    }
    case 'boolean':
      return [String(inTurn(place, 2) === 0)]
    case 'byte':
      return ['RXhhbXBsZQ==']
    case 'password':
      return told
    case undefined:
      return meaning.moment === undefined ? told : momentTexts(place.path, meaning.moment)
    default:
      return format satisfies never
  }
}

/** A moment as text where no format says how. */
function momentTexts(path: string, moment: number): readonly string[] {
  const iso = dateTimeText(moment)
  const day = dateText(moment)
  const isDay = /(date|day|dob|birthday|dt|on)$/i.test(path)
  const seconds = String(moment / 1_000)
  const [year, month, date] = day.split('-')
  const others = [
    ...[`${day} ${iso.slice(11, 19)}`, `${day}T${iso.slice(11, 19)}`, iso.replace('Z', '.000Z')],
    ...[`${iso.slice(0, -1)}+00:00`, `${year}${month}${date}`, `${date}/${month}/${year}`],
    ...[`${month}/${date}/${year}`, `${date}.${month}.${year}`, seconds, iso.slice(11, 19)],
    ...[iso.slice(11, 16), `${year}-${month}`]
  ]
  return isDay ? [day, iso, ...others] : [iso, day, ...others]
}

function dateTimeText(moment: number): string {
  return new Date(moment).toISOString().replace('.000Z', 'Z')
}

function dateText(moment: number): string {
  return dateTimeText(moment).slice(0, 10)
}

function twoDigits(place: Place): string {
  return String(inTurn(place, 100)).padStart(2, '0')
}

/** A random UUID (RFC 9562 5.4) of the place. */
export function uuidOf(place: Place): string {
  const hex = hexAt(place, 32)
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`
  ]
  return [...parts, hex.slice(20)].join('-')
}

/**
 * The first of some texts that fits a schema, else one that is made to: of its pattern, or cut or repeated to its
 * length.
 */
export function fittingText(
  schema: MadeTextSchema,
  candidates: readonly string[],
  place: Place
): string {
  const fitting = candidates.find(text => fitsText(schema, text))
  if (fitting !== undefined) return fitting
  const [text = 'text'] = candidates
  const sized = toLength(schema, text)
  if (schema.pattern === undefined || fitsText(schema, sized)) return sized
  for (let attempt = 0; attempt < 20; attempt++) {
    const seed = hashSeed(place, attempt)
    const made = makePattern(schema.pattern, seed)
    const readable = made?.replace(/[^\w\s.:/@+-]/g, 'a')
    const fits = [readable?.toLowerCase(), readable, made].find(
      each => each !== undefined && fitsText(schema, each)
    )
    if (fits !== undefined) return fits
  }
  return sized
}

function hashSeed(place: Place, attempt: number): number {
  return Number.parseInt(hexAt({ ...place, path: `${place.path}#${attempt}` }, 7), 16)
}

/** Whether a text has the length and the pattern of a schema. */
export function fitsText(
  { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: MadeTextSchema,
  text: string
): boolean {
  const { length } = [...text]
  if (length < minLength || length > maxLength) return false
  return pattern === undefined || regularExpression(pattern).test(text)
}

/** A pattern as JSON Schema means it, by code points, else as older documents write it. */
function regularExpression(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return new RegExp(pattern)
  }
}

function toLength(
  { minLength = 0, maxLength = Number.POSITIVE_INFINITY }: MadeTextSchema,
  text: string
): string {
  const signs = [...(text === '' ? 'text' : text)]
  const filler = /\s/.test(text) ? [...signs, ' '] : signs
  let long = signs
  while (long.length < minLength) long = [...filler, ...long]
  if (long.length <= maxLength) return long.join('')
  const cut = long.slice(0, Math.max(minLength, maxLength)).join('')
  const trimmed = cut.trimEnd()
  return [...trimmed].length >= minLength
    ? trimmed
    : trimmed + 'x'.repeat(cut.length - trimmed.length)
}
