import { nameWords, singular } from '../../base/name-words.ts'
import type { ReadOperation } from './read-operations.ts'

/** Verbs of operations that neither create, change nor delete one object, whatever their method. */
const OTHER_VERBS = words(
  'accept activate aggregate analyze apply approve archive assign attach authenticate authorize autocomplete batch bulk ' +
    'calculate cancel check claim clone close compare complete compute confirm convert copy count deactivate decline deploy ' +
    'detach disable disassociate dismiss download dry enable estimate evaluate execute export fetch filter find force ' +
    'forgot generate get grant hide impersonate import install invoke join leave link list lock login logout lookup ' +
    'mark mass match merge migrate move multi multiple mute parse pause ping predict preview process promote publish ' +
    'purge query read reactivate reassign rebuild reboot redeem refresh refund regenerate reindex reject reload reopen reorder reset ' +
    'resend resize resolve restart restore resume retrieve retry revert revoke rollback rotate run scan search select ' +
    'share shutdown simulate skip snooze sort split start stop submit subscribe suggest suspend swap switch sync ' +
    'synchronize terminate test toggle transfer translate trigger unarchive unassign unassociate undelete undo uninstall unlink ' +
    'unlock unmute unpublish unsubscribe unsuspend upgrade validate verify void vote withdraw'
)

/** Further verbs that are a call by name where a path ends with them. */
const PATH_VERBS = words(
  'add create delete edit invite issue new notify pay post put register remove run save send set start stop update upload upsert'
)

/** Words that say anywhere in an id that it is about several objects or about none. */
const ANYWHERE = words(
  'batch bulk cancel export import mass multiple preview search simulate validate verify'
)

/** Verbs in which a creation, a change and a deletion may be told. */
const OWN_VERBS = {
  save: words('submit share install generate subscribe'),
  update: words(''),
  delete: words('archive deactivate purge uninstall unsubscribe void')
}

/** Verbs that tell of another write. */
const WRONG_VERBS = {
  save: words(
    'associate change delete edit invite modify patch remove rename replace train update'
  ),
  update: words('ack acknowledge add create delete follow insert invite register remove unfollow'),
  delete: words(
    'ack acknowledge create decline deny disconnect dissociate expire invalidate unblock unfollow unmark unpin unregister unstar ' +
      'untag unwatch update'
  )
}

/** Words with which the description of an operation begins before its verb, in the singular. */
const OPENINGS = words(
  'allow api be call can enable endpoint is it let method operation request route service the this to use used user will you'
)

/** How much of a description is read. */
const SENTENCE_MAX = 200

/** Words beside which another verb is a second thing that an operation does. */
const OWN_WORDS = {
  save: /create|add/i,
  update: /updat|replac|modif|edit/i,
  delete: /delet|destroy/i
}

/**
 * The verb by which an operation says that it is something else than a plain write; undefined for none. The words of
 * the resource and of what is around it in the path are no verbs.
 */
export function vetoingVerb(
  operation: ReadOperation,
  verb: keyof typeof OWN_VERBS,
  resource: readonly string[]
): string | undefined {
  const { id, summary, description, tags, shape } = operation
  if (shape.action !== null) return shape.action
  const steps = shape.steps.flatMap(step => (step.kind === 'word' ? [nameWords(step.text)] : []))
  const around = steps.slice(0, -1).flat()
  const own = new Set([...resource, ...around].map(singular))
  const isOther = (word: string): boolean => OTHER_VERBS.has(word) && !OWN_VERBS[verb].has(word)
  const [pathWord, ...pathWords] = steps.at(-1) ?? []
  const noun = pathWords.at(-1)
  // `testRuns` is a noun, `findByStatus` is none.
  const isNoun = noun !== undefined && noun !== singular(noun)
  if (pathWord !== undefined && shape.itemParameter === null && !isNoun) {
    const isCall = noun === undefined && PATH_VERBS.has(pathWord)
    if (isOther(pathWord) || isCall) return pathWord
  }
  // `createOrUpdate` is both.
  const isBoth = OWN_WORDS[verb].test(id + summary)
  const isWrong = (word: string): boolean => WRONG_VERBS[verb].has(word) && !isBoth
  const inId = verbsOfId(id)
  // The first word of a summary is its verb: `Searches pets`.
  const inSummary = nameWords(summary).slice(0, 1).map(singular)
  const inTags = tags.flatMap(tag => (nameWords(tag).length === 1 ? nameWords(tag) : []))
  const isNamed = verb === 'delete' && OWN_WORDS.delete.test(id)
  const [sentence = ''] = description.slice(0, SENTENCE_MAX).split(/[.!;:\n]/)
  const inDescription = OWN_WORDS[verb].test(id + summary + sentence) ? [] : verbOf(sentence)
  const told = [
    ...inId.map(word => withoutOwn(word, own)),
    ...(isNamed ? [] : [...inSummary, ...inDescription])
  ]
  return (
    mannerOf(id, own) ??
    mannerOf(summary, own) ??
    told.find(word => (isOther(word) && !isOwnWord(word, own)) || isWrong(word)) ??
    inTags.find(word => isOther(word) && !isOwnWord(word, own))
  )
}

/**
 * The word before a verb and an object of its own, which says how something is done: `batch` of `batchGeneratePdfs`, also
 * where the resource is a batch.
 */
function mannerOf(name: string, own: ReadonlySet<string>): string | undefined {
  const [manner = '', verb = '', ...object] = nameWords(name).map(singular)
  const isVerb = OTHER_VERBS.has(verb) || PATH_VERBS.has(verb)
  const isOfOther = object.length > 0 && !object.some(word => own.has(word))
  return ANYWHERE.has(manner) && isVerb && isOfOther ? manner : undefined
}

/** The verb with which a sentence begins, behind words such as `This endpoint`. */
function verbOf(sentence: string): string[] {
  const said = nameWords(sentence).map(singular)
  return said.filter(word => !OPENINGS.has(word)).slice(0, 1)
}

/**
 * The words of an operation's id that may be verbs: the first and the last of its name, the first behind each mark of a
 * name in several notations (`Users_batchCreate`), and those that are verbs anywhere.
 */
function verbsOfId(id: string): string[] {
  const name = id.split(/[./]/).at(-1) ?? id
  const all = nameWords(name)
  const parts = name.split(/[_-]/)
  const isMixed = parts.length > 1 && parts.some(part => nameWords(part).length > 1)
  const begins = isMixed ? parts.flatMap(part => nameWords(part).slice(0, 1)) : []
  const anywhere = all.filter((word, at) => at === 0 || at === all.length - 1 || ANYWHERE.has(word))
  return [...anywhere, ...begins]
}

/** Whether a path ends with a word that is a verb, as `/pets/search`. */
export function isVerbPath({ shape }: ReadOperation): boolean {
  if (shape.action !== null) return true
  const texts = shape.steps.flatMap(step => (step.kind === 'word' ? [step.text] : []))
  if (texts.some(text => SEARCHES.has(text.toLowerCase()))) return true
  const last = texts.at(-1) ?? ''
  if (shape.steps.at(-1)?.kind !== 'word' || PLAIN_LISTS.has(last.toLowerCase())) return false
  // As of `users.list`.
  const [call] = last.includes('.') ? nameWords(last.split('.').at(-1) ?? '') : []
  const [first, second] = nameWords(last)
  const isVerb = first !== undefined && second === undefined && OTHER_VERBS.has(first)
  return (
    isVerb ||
    /^(find|search|fetch|lookup)/i.test(last) ||
    [first, call].some(word => word !== undefined && READ_VERBS.has(word))
  )
}

/** Words that say that something is looked for, and last words that only say that a path is a list. */
const SEARCHES = words('search find lookup query')
const PLAIN_LISTS = words('list all')

/** Verbs with which the words of a path say what is read, as `findByStatus`. */
const READ_VERBS = words('get list find search fetch lookup query filter count export download')

/** The verb of a word that is written together with a resource: `run` of `runquery`. */
function withoutOwn(word: string, own: ReadonlySet<string>): string {
  const ending = [...own].find(each => word.length > each.length && word.endsWith(each))
  return ending === undefined ? word : word.slice(0, -ending.length)
}

function isOwnWord(word: string, own: ReadonlySet<string>): boolean {
  if (own.has(word)) return true
  return [...own].some(each => each.length > 4 && each.slice(0, 5) === word.slice(0, 5))
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' ').filter(word => word !== ''))
}
