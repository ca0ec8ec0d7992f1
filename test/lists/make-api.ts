import { createRandom } from '../../bench/seeded-random.ts'
import type { JsonObject } from '../../service/base/json.ts'
import type { ListApi, NextLink, Path, Position, Row, Sorting, StatusFilter } from './list-api.ts'
import { STATUSES } from './list-api.ts'
import { featuresOf } from './list-features.ts'
import type { Dice } from './make-size.ts'
import { createDice, fixedSize, makeSize } from './make-size.ts'
import { chooseScheme } from './schemes.ts'

/** Envelopes by weight: the way to the list, and what stands beside it. */
const ENVELOPES: readonly (readonly [weight: number, place: string, beside: JsonObject])[] = [
  [14, '', {}],
  [14, 'data', {}],
  [8, 'items', {}],
  [8, 'results', { status: 'ok' }],
  [4, 'things', { success: true }],
  [3, 'value', { '@odata.context': '$metadata#Things' }],
  [3, 'data', { included: [{ kind: 'tag', label: 'a' }], links: { self: '/v1/things' } }],
  [2, 'content', { empty: false, sort: { sorted: false } }],
  [2, 'records', { facets: [{ field: 'status', number: 2 }] }],
  [2, 'data', { errors: [], object: 'list', url: '/v1/things' }],
  [4, '_embedded.things', { _links: { self: { href: '/v1/things' } } }],
  [3, 'd.results', {}],
  [2, 'response.docs', { responseHeader: { status: 0, QTime: 3 } }],
  [2, 'data.items', { message: 'OK', code: 200 }],
  [2, 'hits.hits', { took: 3, timed_out: false }],
  [1, 'entry', { resourceType: 'Bundle', type: 'searchset' }],
  [2, 'result.page.list.items', { ok: true }]
]

/** Refusals in a 200. */
const REFUSALS: readonly JsonObject[] = [
  { ok: false, error: 'too many pages' },
  { success: false, message: 'The cursor expired.' },
  { success: false, error: { code: 7, text: 'The page cannot be read.' } },
  { error: { code: 'timeout', message: 'The search took too long.' } },
  { data: null, errors: [{ message: 'The shard is not available.' }] }
]

/** What a bare array cannot tell. */
const SILENT: Pick<ListApi, 'flag' | 'pages' | 'echo'> = {
  flag: null,
  pages: null,
  echo: { position: null, size: null }
}

/** Makes the API of a seed: ordinary ones are frequent, and no list is one that nobody could read. */
export function makeApi(seed: number): ListApi {
  const dice = createDice(createRandom(seed))
  const scheme = chooseScheme(dice)
  const { position, link } = scheme
  const size =
    scheme.sizeParam === null
      ? fixedSize(position.by === 'whole' ? 1_000 : dice.of([2, 5], [5, 10], [3, 20], [1, 25]))
      : makeSize(dice, scheme.sizeParam)
  const list = makeList(dice, scheme.envelope, position.by === 'after')
  const hasId = position.by === 'after' || list.isMap || dice.chance(0.92)
  const rows = makeRows(dice, size.cap, {
    hasId,
    isMap: list.isMap,
    isShort: position.by === 'front' && dice.chance(0.6)
  })
  const isSeekable = position.by === 'offset' || position.by === 'page'
  const schema = chooseSchema(dice, list)
  const mapping = chooseMapping(dice, position, scheme.sizeParam, link)
  const hasRefusal =
    link === null && position.by !== 'whole' && position.by !== 'front' && dice.chance(0.03)
  const marksEnd = link !== null || position.by === 'cursor'
  // A bare array tells nothing but in headers.
  const isBare = list.place.length === 0
  const { total: anywhere, flag, pages, echo } = isBare ? { ...scheme, ...SILENT } : scheme
  const total = isBare && typeof anywhere?.at !== 'string' ? null : anywhere
  const hides = scheme.hides && (total?.of === 'list' || flag !== null)
  const isEager = scheme.isEager ?? (marksEnd && dice.chance(0.15))
  const api: Omit<ListApi, 'features'> = {
    seed,
    rows,
    hasId,
    writesText: dice.chance(0.06),
    hidden: hides ? hiddenRows(dice, rows.length, size.cap, marksEnd) : new Set(),
    position,
    size,
    link,
    isDeclared: scheme.isDeclared,
    zeroClue: scheme.zeroClue,
    list: { ...list, empty: chooseEmpty(dice, list.place, schema) },
    beside: list.beside,
    total,
    flag,
    pages,
    echo,
    end: marksEnd ? scheme.end : undefined,
    isEager,
    // A link to a page that is refused is no link.
    behind: isSeekable && !isEager ? dice.of([70, 200], [12, 404], [8, 400], [4, 416]) : 200,
    refusal: hasRefusal
      ? { from: size.usual + 1, body: dice.of(...REFUSALS.map(body => [1, body] as const)) }
      : null,
    filter: !hides && dice.chance(0.2) ? makeFilter(dice) : null,
    sorting: !hides && dice.chance(0.15) ? makeSorting(dice) : null,
    schema,
    form: dice.of([50, 'inline'], [35, 'reference'], [8, 'allOf'], [5, 'oneOf']),
    version: dice.of([80, '3.0.3'], [20, '3.1.0']),
    mapping,
    mapsRecords: list.place.length > 0 && !list.isMap && list.wrapper === null && dice.chance(0.15)
  }
  return { ...api, features: featuresOf(api) }
}

function makeRows(
  dice: Dice,
  cap: number,
  {
    hasId,
    isMap,
    isShort
  }: { readonly hasId: boolean; readonly isMap: boolean; readonly isShort: boolean }
): Row[] {
  const pages = cap > 60 ? 0 : Math.floor(60 / cap)
  const count = dice.of(
    [10, 0],
    [10, dice.whole(1, 3)],
    [60, dice.whole(4, 60)],
    [pages > 0 ? 20 : 0, cap * dice.whole(1, Math.max(1, pages))]
  )
  const isText = isMap || dice.chance(0.7)
  return Array.from({ length: isShort ? Math.min(count, cap) : count }, (_, index) => ({
    id: isText ? `t${index}` : 1_000 + index,
    name: `Thing ${hasId ? index % 7 : index}`,
    status: dice.of(...STATUSES.map(status => [1, status] as const)),
    rank: dice.whole(1, 20)
  }))
}

function makeFilter(dice: Dice): StatusFilter {
  const [open, closed] = STATUSES
  return dice.of<StatusFilter>(
    [4, { allowed: null, fallback: null }],
    [4, { allowed: STATUSES, fallback: null }],
    [2, { allowed: [open, closed], fallback: null }],
    [3, { allowed: STATUSES, fallback: open }],
    [2, { allowed: [...STATUSES, 'all'], fallback: open }],
    [1, { allowed: [...STATUSES, 'all'], fallback: 'all' }],
    [1, { allowed: null, fallback: closed }]
  )
}

function makeSorting(dice: Dice): Sorting {
  return {
    by: dice.of<Sorting['by']>([1, 'words'], [1, 'template']),
    columns: dice.of<Sorting['columns']>([2, null], [1, ['id', 'rank']], [2, ['id', 'name']])
  }
}

/** Where marks lead on, whole pages may be hidden. */
function hiddenRows(dice: Dice, length: number, cap: number, isMarked: boolean): Set<number> {
  if (!isMarked || length < 2 * cap || dice.chance(0.5)) return someRows(dice, length)
  const first = dice.whole(0, length - cap)
  return new Set(Array.from({ length: cap }, (_, index) => first + index))
}

/** Rows far enough apart that no page of two has none. */
function someRows(dice: Dice, length: number): Set<number> {
  const hidden = new Set<number>()
  for (let index = dice.whole(0, 6); index < length; index += dice.whole(3, 9)) hidden.add(index)
  return hidden
}

/** Envelopes whose items wrap their objects. */
const WRAPPERS: { readonly [place: string]: string } = {
  'hits.hits': '_source',
  entry: 'resource',
  edges: 'node'
}

/** @param isLed The last object leads on, which a map does not have. */
function makeList(dice: Dice, envelope: string | null, isLed: boolean) {
  const known = ENVELOPES.map(([weight, place, beside]) => [weight, { place, beside }] as const)
  const fitting = known.filter(([, { place }]) => envelope !== 'object' || place !== '')
  const { place, beside } =
    envelope === null || envelope === 'object'
      ? dice.of(...fitting)
      : (known.find(([, one]) => one.place === envelope)?.[1] ?? { place: envelope, beside: {} })
  const path = place === '' ? [] : place.split('.')
  const isMap = path.length === 1 && !(place in WRAPPERS) && !isLed && dice.chance(0.04)
  const isWrapped = place in WRAPPERS || (path.length > 0 && !isMap && dice.chance(0.03))
  const wrapper = WRAPPERS[place] ?? 'thing'
  return { place: path, beside, isMap, wrapper: isWrapped ? wrapper : null }
}

/** Deep, wrapped and keyed lists are seldom undeclared: then they are no list that a reader would find. */
function chooseSchema(
  dice: Dice,
  { place, isMap, wrapper }: { place: Path; isMap: boolean; wrapper: string | null }
): ListApi['schema'] {
  if (isMap || wrapper !== null) return dice.of([70, 'full'], [30, 'places'])
  if (place.length > 1) return dice.of([70, 'full'], [25, 'places'], [5, 'none'])
  if (place.length === 0) return dice.of([80, 'full'], [20, 'none'])
  return dice.of([60, 'full'], [20, 'places'], [8, 'object'], [12, 'none'])
}

function chooseMapping(
  dice: Dice,
  { by, ...position }: Position,
  sizeParam: string | null,
  link: NextLink | null
): ListApi['mapping'] {
  const isFromOne = 'first' in position && position.first === 1 && by === 'offset'
  const canMapBoth = by === 'offset' && !isFromOne && sizeParam !== null && link === null
  const isRelation = link?.at === 'body' && link.form === 'relations'
  const isDeclarable = by !== 'front' && !isFromOne && !isRelation
  return dice.of(
    [55, 'nothing'],
    [canMapBoth ? 25 : 0, 'both'],
    [sizeParam === null ? 0 : by === 'front' ? 60 : 15, 'limit'],
    [isDeclarable ? 12 : 0, 'declared']
  )
}

function chooseEmpty(dice: Dice, place: Path, schema: ListApi['schema']): ListApi['list']['empty'] {
  if (place.length === 0) return 'list'
  return dice.of([80, 'list'], [schema === 'full' ? 10 : 0, 'missing'], [8, 'null'])
}
