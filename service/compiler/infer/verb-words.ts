import { nameWords, singular } from '../../base/name-words.ts'
import type { ReadOperation } from './read-operations.ts'

/** Verbs of operations that neither create, change nor delete one object, whatever their method. */
const OTHER_VERBS = words(
  'accept activate aggregate analyze apply approve archive assign attach authenticate authorize autocomplete batch bulk ' +
    'calculate cancel check claim clone close compare complete compute confirm convert copy count deactivate decline deploy ' +
    'detach disable disassociate dismiss download dry enable estimate evaluate execute export fetch filter find force ' +
    'forgot generate get grant hide impersonate import install invoke issue join leave link list lock login logout lookup ' +
    'mark mass match merge migrate move multi multiple mute parse pause ping predict preview process promote publish ' +
    'purge query read reactivate reassign rebuild reboot redeem refresh refund regenerate reindex reject reload reopen reorder reset ' +
    'resend resize resolve restart restore resume retrieve retry revert revoke rollback rotate run scan search select ' +
    'share shutdown simulate skip snooze sort split start stop submit subscribe suggest suspend swap switch sync ' +
    'synchronize terminate test toggle transfer translate trigger unarchive unassign unassociate undelete undo uninstall unlink ' +
    'unlock unmute unpublish unsubscribe unsuspend upgrade validate verify void vote withdraw'
)

/** Further verbs that are a call by name where a path ends with them. */
const PATH_VERBS = words(
  'add create delete edit invite new notify pay post put register remove run save send set start stop update upload upsert'
)

/** Verbs in which a creation, a change and a deletion may be told. */
const OWN_VERBS = {
  save: new Set<string>(['submit', 'issue', 'apply', 'share', 'install', 'generate', 'subscribe']),
  update: new Set<string>([]),
  delete: new Set<string>(['purge', 'uninstall', 'unsubscribe', 'void'])
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
  const { id, summary, tags, shape } = operation
  if (shape.action !== null) return shape.action
  const steps = shape.steps.flatMap(step => (step.kind === 'word' ? [nameWords(step.text)] : []))
  const around = steps.slice(0, -1).flat()
  const own = new Set([...resource, ...around].map(singular))
  const isVerb = (word: string): boolean => OTHER_VERBS.has(word) && !OWN_VERBS[verb].has(word)
  const [pathWord] = steps.at(-1) ?? []
  if (pathWord !== undefined && shape.itemParameter === null) {
    if (isVerb(pathWord) || PATH_VERBS.has(pathWord)) return pathWord
  }
  const isNamedDelete = verb === 'delete' && /delete|destroy/i.test(id)
  const told = [
    ...nameWords(id.split(/[./]/).at(-1) ?? id),
    // The first word of a summary is its verb: `Searches pets`.
    ...(isNamedDelete ? [] : nameWords(summary).slice(0, 1).map(singular)),
    ...tags.flatMap(tag => (nameWords(tag).length === 1 ? nameWords(tag) : []))
  ]
  return told.find(word => isVerb(word) && !isOwnWord(word, own))
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
  return isVerb || [first, call].some(word => word !== undefined && READ_VERBS.has(word))
}

/** Words that say that something is looked for, and last words that only say that a path is a list. */
const SEARCHES = words('search find lookup query')
const PLAIN_LISTS = words('list all')

/** Verbs with which the words of a path say what is read, as `findByStatus`. */
const READ_VERBS = words('get list find search fetch lookup query filter count export download')

function isOwnWord(word: string, own: ReadonlySet<string>): boolean {
  if (own.has(word)) return true
  return [...own].some(each => each.length > 4 && each.slice(0, 5) === word.slice(0, 5))
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}
