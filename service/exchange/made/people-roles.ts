import type { Meaning, Property, Role } from './meaning.ts'
import { texts } from './meaning.ts'
import { slugOf } from '../../base/name-words.ts'
import { inTurn, numberAt } from './place.ts'
import { cityOf, companyOf, courseOf, entryOf, personOf, streetOf } from './subject.ts'
import type { City } from './word-lists.ts'
import { COUNTRIES, CURRENCIES, DEPARTMENTS, INDUSTRIES, JOBS, LANGUAGES } from './word-lists.ts'

/** Telephone numbers for fiction: 555-0100 to 555-0199 in every area. */
const FICTITIOUS_NUMBERS = 100

const company = ({ subject, part }: Property): Meaning => {
  const name = companyOf(subject, part)
  return texts(name, name.split(' ')[0] ?? name)
}

const person = ({ subject, part }: Property): Meaning => {
  const { first, last } = personOf(subject, part)
  return texts(`${first} ${last}`, first)
}

const email = ({ subject, part }: Property): Meaning => {
  if (subject.nounClass === 'company' && part === '') {
    return texts(`${slugOf(companyOf(subject, '')).split('-')[0]}@example.com`, 'info@example.com')
  }
  const { email: address, first } = personOf(subject, part)
  return texts(address, `${slugOf(first)}@example.com`, 'a@example.com')
}

const phone = ({ subject, part, place }: Property): Meaning => {
  const { areaCode } = cityOf(subject, part)
  const line = `01${String(numberAt(place, FICTITIOUS_NUMBERS)).padStart(2, '0')}`
  const plain = `${areaCode}555${line}`
  return texts(
    ...[`+1 ${areaCode}-555-${line}`, `+1${plain}`, `+1 (${areaCode}) 555-${line}`],
    ...[`(${areaCode}) 555-${line}`, `${areaCode}-555-${line}`, `1${plain}`, plain, `555-${line}`]
  )
}

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

const countryCode = (property: Property): Meaning =>
  texts(...(countryMeaning(property).texts ?? []).slice(1))

export function currencyMeaning({ subject }: Property): readonly string[] {
  const given =
    subject.nounClass === 'currency' ? entryOf(CURRENCIES, subject.place) : CURRENCIES[0]
  return given ?? []
}

export function languageMeaning({ subject }: Property): readonly string[] {
  const given = subject.nounClass === 'language' ? entryOf(LANGUAGES, subject.place) : LANGUAGES[0]
  return given ?? []
}

/** Names, companies, addresses, and how to reach somebody. */
export const PEOPLE_ROLES: readonly Role[] = [
  {
    phrases: 'first name,given name,forename,fname,name first,name given',
    mean: ({ subject, part }) => texts(personOf(subject, part).first)
  },
  {
    phrases: 'last name,family name,surname,lname,name last,name family',
    mean: ({ subject, part }) => texts(personOf(subject, part).last)
  },
  { phrases: 'middle name,name middle', mean: () => texts('Lee', 'J') },
  {
    phrases:
      'full name,real name,contact name,author,owner,assignee,creator,reviewer,approver,reporter,manager,supervisor,artist,director,recipient,sender,performer,narrator,contact,contact person,signer,cardholder,account holder,created by,updated by,modified by,submitted by,approved by,requested by,uploaded by,closed by,assigned to,by,person',
    mean: person
  },
  {
    phrases: 'initial',
    mean: ({ subject, part }) => {
      const { first, last } = personOf(subject, part)
      return texts(first.charAt(0) + last.charAt(0))
    }
  },
  {
    phrases:
      'user name,login,login name,handle,nick name,nick,screen name,user login,account name,sam account name,twitter,preferred username',
    mean: ({ subject, part }) => {
      const { login, first } = personOf(subject, part)
      return texts(login, login.replace('.', '_'), login.replace('.', '-'), slugOf(first))
    }
  },
  {
    phrases:
      'email,mail,email address,e mail,e mail address,mail address,user principal name,reply to',
    mean: email
  },
  {
    phrases:
      'phone,phone number,telephone,telephone number,mobile,mobile number,mobile phone,cell,cell phone,cellphone,fax,fax number,tel,msisdn,home phone,work phone',
    mean: phone
  },
  {
    phrases: 'age',
    mean: ({ subject }) => ({ number: 25 + inTurn(subject.place, 40) })
  },
  {
    phrases: 'gender,sex',
    mean: ({ subject }) =>
      texts(
        ...entryOf(
          [
            ['female', 'F'],
            ['male', 'M']
          ],
          subject.place
        )
      )
  },
  {
    phrases: 'birth date,date of birth,dob,birthday,birth day,born,born on',
    mean: ({ subject }) => ({ moment: courseOf(subject).born })
  },
  {
    phrases: 'job title,job,occupation,profession,job role,designation',
    mean: ({ place }) => texts(entryOf(JOBS, place))
  },
  { phrases: 'salutation,honorific,name prefix', mean: () => texts('Dr.', 'Dr') },
  { phrases: 'name suffix,middle initial', mean: () => texts('J.', 'J') },
  {
    phrases: 'nationality,citizenship',
    mean: () => texts('American', 'US')
  },
  {
    phrases: 'bio,biography,about me',
    mean: ({ place }) =>
      texts(`${entryOf(JOBS, place)} with many years of experience.`, entryOf(JOBS, place))
  },
  {
    phrases:
      'company,company name,organization,organisation,organization name,organisation name,employer,vendor,supplier,manufacturer,publisher,merchant,merchant name,brand,brand name,business name,legal name,trade name,carrier,provider,provider name,bank name,bank,agency,store name,vendor name,supplier name',
    mean: company
  },
  { phrases: 'department,division', mean: ({ place }) => texts(entryOf(DEPARTMENTS, place)) },
  { phrases: 'industry,sector', mean: ({ place }) => texts(entryOf(INDUSTRIES, place)) },
  {
    phrases:
      'street,street address,address,address line,address line 1,address 1,line 1,address1,line1,street 1,street line 1,street name,address street,full address',
    mean: ({ subject, part }) => texts(streetOf(subject, part))
  },
  {
    phrases: 'address line 2,address 2,line 2,address2,line2,street 2,suite,unit number,apartment',
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
    phrases: 'region,province,region name,state name,county,administrative area',
    mean: inCity(({ region, regionCode }) => texts(region, regionCode))
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
    mean: property => texts(...(countryMeaning(property).texts ?? []).slice(2))
  },
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
    phrases: 'currency,currency code,currency id,iso 4217,ccy,base currency,default currency',
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
