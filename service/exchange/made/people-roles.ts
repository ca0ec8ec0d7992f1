import type { Meaning, Property, Role } from './meaning.ts'
import { texts } from './meaning.ts'
import { nameMeaning } from './name-meaning.ts'
import { slugOf } from '../../base/name-words.ts'
import { inTurn, numberAt } from './place.ts'
import { cityOf, companyOf, courseOf, entryOf, personOf } from './subject.ts'
import { DEPARTMENTS, INDUSTRIES, JOBS } from './word-lists.ts'

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

const CALLED_BY_PHONE = new Set(
  'message sms mms call fax voice recording conversation whatsapp'.split(' ')
)
const WRITTEN_TO = new Set('mail email newsletter envelope'.split(' '))
const OF_TIMES = new Set(
  'period range window interval validity availability slot filter absence leave rate'.split(' ')
)

/** Whom something is from or to, or from when to when; undefined for any other name. */
export function partyMeaning(
  subject: Property['subject'],
  words: readonly string[]
): Meaning | undefined {
  const [only = ''] = words
  if (words.length !== 1 || !/^(from|to|cc|bcc)$/.test(only)) return undefined
  const around = [...subject.noun, ...subject.within]
  const property = { subject, part: only, partWords: words, place: subject.place }
  if (only.endsWith('cc') || around.some(word => WRITTEN_TO.has(word))) {
    return email(property)
  }
  if (around.some(word => CALLED_BY_PHONE.has(word))) return phone(property)
  if (!around.some(word => OF_TIMES.has(word))) return person(property)
  return { moment: courseOf(subject)[only === 'from' ? 'start' : 'end'] }
}

/** Names, companies, and how to reach somebody. */
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
      'contact name,author,owner,assignee,creator,reviewer,approver,reporter,manager,supervisor,artist,director,recipient,sender,performer,narrator,contact,contact person,signer,cardholder,account holder,created by,updated by,modified by,submitted by,approved by,requested by,uploaded by,closed by,assigned to,by,person',
    mean: person
  },
  {
    phrases: 'full name,real name',
    mean: property =>
      property.subject.nounClass === 'thing' ? person(property) : nameMeaning(property)
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
      'user name,login,login name,handle,screen name,user login,sam account name,twitter,preferred username',
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
      inTurn(subject.place, 2) === 0 ? texts('female', 'F') : texts('male', 'M')
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
  { phrases: 'department,division,dept', mean: ({ place }) => texts(entryOf(DEPARTMENTS, place)) },
  {
    phrases: 'industry,sector,industry name,sector name',
    mean: ({ place }) => texts(entryOf(INDUSTRIES, place))
  }
]
