import { nameWords, singular } from '../../base/name-words.ts'

/** What an object is, as far as its name and members tell; `thing` for all else. */
export type NounClass =
  | 'person'
  | 'company'
  | 'city'
  | 'region'
  | 'country'
  | 'currency'
  | 'language'
  | 'product'
  | 'pet'
  | 'work'
  | 'file'
  | 'tag'
  | 'category'
  | 'color'
  | 'department'
  | 'repository'
  | 'thing'

const NOUNS: readonly (readonly [NounClass, string])[] = [
  [
    'person',
    'user person people customer contact employee member owner author artist driver patient student teacher guest passenger client lead creator assignee reviewer recipient sender manager agent admin actor candidate applicant participant attendee subscriber player profile staff traveler traveller resident tenant doctor physician nurse worker cardholder beneficiary donor director performer speaker instructor buyer seller caller doer committer follower friend individual visitor requester approver reporter signer signatory payer payee shopper voter technician consultant supervisor holder accountholder leader chair chairman principal parent guardian spouse child host moderator editor translator composer photographer speaker sponsor lawyer attorney judge owner operator pilot courier handler adopter'
  ],
  [
    'company',
    'company account organization organisation vendor supplier merchant brand publisher manufacturer employer business enterprise carrier bank partner agency firm insurer retailer shop store restaurant hotel institution sponsor airline competitor'
  ],
  ['city', 'city town municipality locality place location destination airport station'],
  ['region', 'region province county'],
  ['country', 'country nationality'],
  ['currency', 'currency'],
  ['language', 'language locale'],
  ['product', 'product article sku variant merchandise goods good inventory'],
  ['pet', 'pet dog cat animal horse puppy kitten'],
  [
    'work',
    'book movie film song album track playlist show episode podcast series audiobook novel video recording title composition'
  ],
  ['file', 'file document attachment image photo picture upload media blob'],
  ['tag', 'tag label keyword topic hashtag'],
  ['category', 'category subcategory'],
  ['color', 'color colour'],
  ['department', 'department division'],
  ['repository', 'repository repo package bucket branch cluster container namespace node']
]

const CLASS_OF: ReadonlyMap<string, NounClass> = new Map(
  NOUNS.flatMap(([name, words]) => words.split(' ').map(word => [word, name] as const))
)

/** Words of schema names that say how an object travels, not what it is. */
const WRAPPING = new Set(
  'response request dto model output input data object resource entity schema type detail info summary record base basic simple full minimal result list read view compact brief public private short ref reference in out item payload body get post put create created update updated new array collection page paged the an api json xml definition instance embedded nested expanded properties attribute bean vo wrapper nullable simplified linked optional generic abstract common with without extended partial mini light lite of and for to by on row struct value'.split(
    ' '
  )
)

/** The words that say what an object is: `delivery`, `window` of `DeliveryWindowResponse`. */
export function nounWords(name: string): string[] {
  const words = nameWords(name)
    .map(singular)
    .filter(word => !/^v?\d+$/.test(word) && word.length > 1)
  const telling = words.filter(word => !WRAPPING.has(word))
  return telling.length > 0 ? telling.slice(-2) : words.slice(-1)
}

/** What a noun names, by its last word. */
export function nounClass(words: readonly string[]): NounClass {
  return CLASS_OF.get(words.at(-1) ?? '') ?? 'thing'
}
