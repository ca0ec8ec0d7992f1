import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import type { ListApi, StatusFilter } from './list-api.ts'

/** The properties of an API that findings are counted by. */
export function featuresOf(api: Omit<ListApi, 'features'>): string[] {
  const { position, size, link, list, total, flag, end } = api
  const { by } = position
  const isMarked = link !== null || by === 'cursor'
  const lie = total !== null && total.of !== 'list' ? `total of the ${total.of}` : null
  const features: (string | null | false)[] = [
    `by ${by}`,
    'param' in position && `${position.param}/${size.param}`,
    'first' in position &&
      position.first === (by === 'page' ? 0 : 1) &&
      `${by} from ${position.first}`,
    api.zeroClue && `zero by ${api.zeroClue}`,
    position.by === 'cursor' && `mark ${position.mark.join('.')}`,
    link?.at === 'body' && `link ${link.place.join('.')} ${link.form}`,
    link?.at === 'header' && `Link ${link.quote || 'unquoted'} ${link.beside}`,
    !api.isDeclared && 'position undeclared',
    `list at ${list.place.join('.') || 'root'}`,
    list.isMap && 'map',
    list.wrapper && `wrapped in ${list.wrapper}`,
    list.empty !== 'list' && `empty ${list.empty}`,
    total !== null && `total ${typeof total.at === 'string' ? total.at : total.at.join('.')}`,
    lie,
    flag && `flag ${flag.at.join('.')}`,
    api.pages && `pages ${api.pages.join('.')}`,
    !isMarked && total === null && flag === null && by !== 'whole' && 'no witness',
    size.excess === 'refused' && 'excess refused',
    ...['maximum', 'exclusiveMaximum', 'enum', 'multipleOf'].map(
      key => key in size.schema && `size ${key}`
    ),
    Number(size.schema.minimum ?? 0) > 1 && 'size minimum',
    by !== 'whole' &&
      size.cap < 1_000 &&
      sizeIsOpen(size.schema) &&
      size.param !== null &&
      'silent cap',
    isMarked && `end ${endWord(end)}`,
    api.isEager && 'next on a full last page',
    api.filter && `filter ${filterWord(api.filter)}`,
    api.sorting && `sort by ${api.sorting.by} of ${api.sorting.columns?.join('|') ?? 'any'}`,
    api.behind !== 200 && `behind ${api.behind}`,
    api.refusal && 'refusal in a 200',
    api.hidden.size > 0 && 'hidden rows',
    !api.hasId && 'no id',
    api.writesText && 'numbers as text',
    `schema ${api.schema}`,
    api.schema !== 'none' && api.form !== 'inline' && `schema by ${api.form}`,
    `OpenAPI ${api.version}`,
    `mapping ${api.mapping}`,
    api.mapsRecords && 'records mapped'
  ]
  return features.filter(feature => typeof feature === 'string')
}

function filterWord({ allowed, fallback }: StatusFilter): string {
  return `${allowed?.join('|') ?? 'any'}${fallback === null ? '' : ` default ${fallback}`}`
}

function sizeIsOpen(schema: JsonObject): boolean {
  return !('maximum' in schema || 'enum' in schema)
}

function endWord(end: JsonValue | undefined): string {
  return end === undefined ? 'absent' : JSON.stringify(end)
}
