/** @import { PreviewResponse } from '../protocol/schemas.ts' */

/**
 * @typedef {PreviewResponse['types'][number]} PreviewType
 * @typedef {PreviewResponse['mappings'][number]} PreviewMapping
 *
 * @typedef {{ from: string, to: string, property: string, isList: boolean }} Relation
 *
 * @typedef {{
 *   type: PreviewType,
 *   mappings: readonly PreviewMapping[],
 *   leads: readonly Relation[],
 *   comes: readonly Relation[]
 * }} TypeNode `leads` are the relations of its properties, `comes` those that lead to it.
 *
 * @typedef {ReadonlyMap<string, TypeNode>} TypeGraph By name, in the order of names.
 */

/** @type {WeakMap<PreviewResponse, TypeGraph>} */
const graphs = new WeakMap()

/**
 * The types of a preview with their relations and mappings.
 *
 * @param {PreviewResponse} preview
 * @returns {TypeGraph}
 */
export function typeGraphOf(preview) {
  const known = graphs.get(preview)
  if (known !== undefined) return known
  const mappings = Map.groupBy(preview.mappings, ({ type }) => type)
  const leads = new Map(preview.types.map(type => [type.developerName, relationsOf(type)]))
  const comes = Map.groupBy([...leads.values()].flat(), ({ to }) => to)
  const graph = new Map(
    preview.types.map(type => {
      const name = type.developerName
      return [
        name,
        {
          type,
          mappings: mappings.get(name) ?? [],
          leads: leads.get(name) ?? [],
          comes: comes.get(name) ?? []
        }
      ]
    })
  )
  graphs.set(preview, graph)
  return graph
}

/** @param {PreviewType} type @returns {Relation[]} */
function relationsOf({ developerName, properties }) {
  return properties.flatMap(
    ({ developerName: property, contentType, typeElementDeveloperName: to }) =>
      to === null
        ? []
        : [{ from: developerName, to, property, isList: contentType === 'ContentList' }]
  )
}

/**
 * The types around one, nearest first, and the relations between them.
 *
 * @param {TypeGraph} graph
 * @param {string} name
 * @param {{ steps: number, types: number, relations: number }} bounds `steps` is how many relations away a type may be;
 *   the others are the most of each.
 * @returns {{ nodes: TypeNode[], relations: Relation[], left: { types: number, relations: number } }} `left` counts what
 *   was left out.
 */
export function neighbourhoodOf(graph, name, { steps, ...most }) {
  const found = new Set([name])
  const left = new Set()
  let front = [name]
  for (let step = 0; step < steps; step++) {
    const next = front.flatMap(at => neighboursOf(graph, at))
    front = []
    for (const to of next) {
      if (found.has(to) || !graph.has(to)) continue
      if (found.size >= most.types) left.add(to)
      else {
        found.add(to)
        front.push(to)
      }
    }
  }
  const nodes = [...found].flatMap(each => graph.get(each) ?? [])
  const relations = nodes.flatMap(({ leads }) => leads.filter(({ to }) => found.has(to)))
  return {
    nodes,
    relations: relations.slice(0, most.relations),
    left: { types: left.size, relations: Math.max(0, relations.length - most.relations) }
  }
}

/** @param {TypeGraph} graph @param {string} name */
function neighboursOf(graph, name) {
  const node = graph.get(name)
  if (node === undefined) return []
  return [...node.leads.map(({ to }) => to), ...node.comes.map(({ from }) => from)]
}
