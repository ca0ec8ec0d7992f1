import type { Meaning, Property, Role } from './meaning.ts'
import { texts } from './meaning.ts'
import { hexAt, inTurn } from './place.ts'
import { cityOf, entryOf, personOf, streetOf } from './subject.ts'
import type { City } from './word-lists.ts'
import { COUNTRIES, CURRENCIES, LANGUAGES } from './word-lists.ts'

/** The members of an object that has an address. */
const ADDRESS_KEYS = 'city street zip zipcode postalcode postcode country addressline1 line1'.split(
  ' '
)

export function hasAddress({ subject }: Property): boolean {
  return ADDRESS_KEYS.some(key => subject.keys.has(key)) || subject.noun.includes('address')
}

const inCity =
  (tell: (city: City) => Meaning) =>
  ({ subject, part }: Property): Meaning =>
    tell(cityOf(subject, part))

export function countryMeaning({ subject, place }: Property): Meaning {
  const [name = '', code = '', longCode = ''] =
    subject.nounClass === 'country'
      ? entryOf(COUNTRIES, subject.place)
      : (COUNTRIES[0] ?? entryOf(COUNTRIES, place))
  return texts(name, code, longCode)
}

const countryCode = (property: Property): Meaning => ({
  texts: (countryMeaning(property).texts ?? []).slice(1)
})

export function currencyMeaning({ subject }: Property): readonly string[] {
  const given =
    subject.nounClass === 'currency' ? entryOf(CURRENCIES, subject.place) : CURRENCIES[0]
  return given ?? []
}

export function languageMeaning({ subject }: Property): readonly string[] {
  const given = subject.nounClass === 'language' ? entryOf(LANGUAGES, subject.place) : LANGUAGES[0]
  return given ?? []
}

const SERVING = new Set(
  'server host node network remote interface device listener nic proxy'.split(' ')
)
const LINKED = new Set('endpoint web webhook callback website broker socket service'.split(' '))
const CHAINED = new Set('wallet contract bitcoin ethereum crypto blockchain'.split(' '))

const MAILED = new Set('from to cc bcc reply sender return notification recipient'.split(' '))

/** The address of who writes a message; undefined for any other. */
function mailAddress({ subject, part, partWords }: Property): Meaning | undefined {
  const isMessage =
    subject.keys.has('subject') || /mail|message|campaign/.test(subject.noun.join(' '))
  const isMailed = partWords.length > 0 && partWords.every(word => MAILED.has(word))
  return isMessage && isMailed ? texts(personOf(subject, part).email) : undefined
}

/** The address of what is in a network, and in no street; undefined for any other. */
function networkAddress({ subject, partWords, place }: Property): Meaning | undefined {
  const words = [...subject.noun, ...subject.within, ...partWords]
  if (words.some(word => CHAINED.has(word))) return texts(`0x${hexAt(place, 40)}`)
  if (words.some(word => LINKED.has(word))) return texts('https://example.com/', 'example.com')
  if (!words.some(word => SERVING.has(word))) return undefined
  return texts(`192.0.2.${1 + inTurn(place, 250)}`, 'example.com')
}

/** Addresses, places, countries, languages and currencies. */
export const PLACE_ROLES: readonly Role[] = [
  {
    phrases:
      'street,street address,address,address line,address line 1,address 1,line 1,address1,line1,street 1,street line 1,street name,address street,full address',
    mean: property =>
      mailAddress(property) ??
      networkAddress(property) ??
      texts(streetOf(property.subject, property.part))
  },
  {
    phrases:
      'address line 2,address 2,line 2,address line 3,address line 4,address 3,line 3,line3,address3,address2,line2,street 2,suite,unit number,apartment',
    mean: ({ subject, part }) =>
      texts(`Suite ${100 + inTurn({ ...subject.place, path: part }, 80)}`)
  },
  {
    phrases: 'formatted address,display address,mailing address,postal address',
    mean: ({ subject, part }) => {
      const { city, regionCode, postalCode } = cityOf(subject, part)
      return texts(`${streetOf(subject, part)}, ${city}, ${regionCode} ${postalCode}`)
    }
  },
  {
    phrases: 'house number,street number,building number',
    mean: ({ subject, part }) => {
      const [digits = '1'] = streetOf(subject, part).split(' ')
      return { texts: [digits], number: Number(digits) }
    }
  },
  {
    phrases:
      'city,city name,town,locality,municipality,location,place,destination,birth place,place of birth,origin city',
    mean: inCity(({ city }) => texts(city))
  },
  {
    phrases:
      'region,province,region name,state name,administrative area,state or region,state region',
    mean: inCity(({ region, regionCode }) => texts(region, regionCode))
  },
  {
    phrases: 'county,county name,district or county',
    mean: inCity(({ city }) => texts(`${city} County`, city))
  },
  {
    phrases: 'region code,state code,province code,state or province,state province,address state',
    mean: inCity(({ region, regionCode }) => texts(regionCode, region))
  },
  {
    phrases: 'zip,zip code,postal code,post code,postcode,postal,zipcode',
    mean: inCity(({ postalCode }) => ({ texts: [postalCode], number: Number(postalCode) }))
  },
  { phrases: 'country,country name,country of origin,origin country', mean: countryMeaning },
  {
    phrases:
      'country code,country iso,iso country,country id,iso2,alpha 2,iso 3166 1,address country',
    mean: countryCode
  },
  {
    phrases: 'iso3,alpha 3',
    mean: property => ({ texts: (countryMeaning(property).texts ?? []).slice(2) })
  },
  { phrases: 'area code,phone area code', mean: inCity(({ areaCode }) => texts(areaCode)) },
  {
    phrases:
      'phone country code,calling code,dial code,dialing code,phone prefix,country calling code,country prefix',
    mean: () => ({ texts: ['+1', '1'], number: 1 })
  },
  { phrases: 'iata,iata code,airport code,airport', mean: inCity(({ iata }) => texts(iata)) },
  { phrases: 'icao,icao code', mean: inCity(({ iata }) => texts(`K${iata}`)) },
  { phrases: 'continent', mean: () => texts('North America', 'NA') },
  { phrases: 'neighborhood,neighbourhood,district,borough', mean: () => texts('Downtown') },
  {
    phrases: 'lat,latitude,geo lat',
    mean: inCity(({ latitude }) => ({ number: latitude, texts: [String(latitude)] }))
  },
  {
    phrases: 'lng,lon,long,longitude,geo lng',
    mean: inCity(({ longitude }) => ({ number: longitude, texts: [String(longitude)] }))
  },
  {
    phrases: 'coordinates,lat lng,lat long,geo location,geolocation,coordinate',
    mean: inCity(({ latitude, longitude }) => ({
      texts: [`${latitude},${longitude}`],
      number: latitude
    }))
  },
  {
    phrases: 'time zone,timezone,tz,zone id,time zone id,timezone id,time zone name,tzid',
    mean: inCity(({ timeZone }) => texts(timeZone, 'UTC'))
  },
  {
    phrases: 'language,lang,language code,locale,language id,default language,iso 639 1,culture',
    mean: property => {
      const [code = '', name = ''] = languageMeaning(property)
      return texts(code, `${code}-US`, `${code}_US`, `${code}g`, name)
    }
  },
  {
    phrases: 'language name,native name',
    mean: property => texts(languageMeaning(property)[1] ?? '')
  },
  {
    phrases:
      'currency,currency code,currency id,iso 4217,ccy,base currency,default currency,price unit,currency unit',
    mean: property => {
      const [code = '', name = ''] = currencyMeaning(property)
      return texts(code, code.toLowerCase(), name)
    }
  },
  { phrases: 'currency name', mean: property => texts(currencyMeaning(property)[1] ?? '') },
  {
    phrases: 'currency symbol,currency sign',
    mean: property => texts(currencyMeaning(property)[2] ?? '')
  }
]
