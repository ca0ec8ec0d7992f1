import type { Meaning, Property } from './meaning.ts'
import { texts } from './meaning.ts'
import { countryMeaning, currencyMeaning, languageMeaning } from './place-roles.ts'
import { labelOf, slugOf } from '../../base/name-words.ts'
import type { NounClass } from './noun-class.ts'
import { nounClass } from './noun-class.ts'
import { cityOf, companyOf, entryOf, personOf } from './subject.ts'
import {
  CATEGORIES,
  COLORS,
  DEPARTMENTS,
  NAMES,
  PETS,
  PRODUCTS,
  TAGS,
  TITLES,
  WORKS
} from './word-lists.ts'

/** Words before `name` that do not say whose name it is. */
const DESCRIBING = new Set(
  'display legal official short long nice original localized default common formatted sort the old new friendly pretty human readable english simple public my'.split(
    ' '
  )
)

/** What an object is called: a person by first and last name, a thing by a name with its noun. */
export function nameMeaning(property: Property): Meaning {
  const words = property.partWords.filter(word => !DESCRIBING.has(word))
  const { subject } = property
  if (words.length === 0) return nameOf(property, subject.noun, subject.nounClass, '')
  return nameOf(property, words, nounClass(words), property.part)
}

function nameOf(
  property: Property,
  noun: readonly string[],
  kind: NounClass,
  part: string
): Meaning {
  const { subject, place } = property
  switch (kind) {
    case 'person': {
      const { first, last } = personOf(subject, part)
      return texts(`${first} ${last}`, first)
    }
    case 'company': {
      const name = companyOf(subject, part)
      return texts(name, name.split(' ')[0] ?? name)
    }
    case 'city':
      return texts(cityOf(subject, part).city)
    case 'region':
      return texts(cityOf(subject, part).region)
    case 'country':
      return countryMeaning(property)
    case 'currency':
      return { texts: currencyMeaning(property).slice(1) }
    case 'language':
      return { texts: languageMeaning(property).slice(1) }
    case 'product':
      return texts(entryOf(PRODUCTS, place))
    case 'pet':
      return texts(entryOf(PETS, place))
    case 'work':
      return texts(entryOf(WORKS, place))
    case 'file':
      return texts(`${slugOf(entryOf(TITLES, place))}.pdf`)
    case 'tag':
      return texts(entryOf(TAGS, place))
    case 'category':
      return texts(entryOf(CATEGORIES, place))
    case 'color':
      return texts(entryOf(COLORS, place))
    case 'department':
      return texts(entryOf(DEPARTMENTS, place))
    case 'repository':
      return texts(slugOf(entryOf(NAMES, place)))
    case 'thing': {
      const name = entryOf(NAMES, place)
      if (/^(domain|host|zone)$/.test(noun.at(-1) ?? ''))
        return texts(`${slugOf(name)}.example.com`)
      const short = noun.slice(-1)
      return noun.length === 0
        ? texts(name)
        : texts(labelOf([name, ...noun]), labelOf([name, ...short]), slugOf(name), name)
    }
    default:
      return kind satisfies never
  }
}
