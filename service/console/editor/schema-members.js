/** A JSON Schema. @typedef {Record<string, any>} Schema */

/** A member that an object may have. @typedef {{ name: string, description: string, schema: Schema }} Member */

/** Alternatives that are followed at one place. */
const ALTERNATIVES_MAX = 200

/**
 * The members that may stand in the object at a path.
 *
 * @param {Schema} root With `definitions`.
 * @param {readonly string[]} path
 * @returns {Member[]} By name.
 */
export function membersAt(root, path) {
  const schemas = path.reduce(
    (at, key) => at.flatMap(schema => childrenOf(root, schema, key)),
    alternativesOf(root, root)
  )
  /** @type {Map<string, Member>} */
  const members = new Map()
  for (const schema of schemas) {
    for (const [name, member] of Object.entries(schema.properties ?? {})) {
      if (members.has(name)) continue
      members.set(name, { name, description: describe(root, member), schema: member })
    }
  }
  return [...members.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** The values that a member may have, where they are listed. @param {Schema} root @param {Schema} schema */
export function valuesOf(root, schema) {
  return alternativesOf(root, schema).flatMap(({ enum: values, const: only, type }) => {
    if (values !== undefined) return values.map(String)
    if (only !== undefined) return [String(only)]
    return type === 'boolean' ? ['true', 'false'] : []
  })
}

/** @param {Schema} root @param {Schema} schema @param {string} key @returns {Schema[]} */
function childrenOf(root, schema, key) {
  const { properties = {}, additionalProperties, patternProperties = {}, items } = schema
  const named = Object.hasOwn(properties, key) ? [properties[key]] : []
  const patterned = Object.values(patternProperties)
  const children = named.length > 0 ? named : [...patterned, additionalProperties]
  return [...children, ...(key === '0' ? [items] : [])]
    .filter(child => typeof child === 'object' && child !== null)
    .flatMap(child => alternativesOf(root, child))
    .slice(0, ALTERNATIVES_MAX)
}

/**
 * A schema, its references resolved, and all that may hold in its place or beside it.
 *
 * @param {Schema} root
 * @param {Schema} schema
 * @returns {Schema[]}
 */
function alternativesOf(root, schema) {
  const found = new Set()
  const visit = (/** @type {unknown} */ value) => {
    if (typeof value !== 'object' || value === null || found.size >= ALTERNATIVES_MAX) return
    const each = /** @type {Schema} */ (value)
    if (found.has(each)) return
    found.add(each)
    const { $ref, anyOf = [], oneOf = [], allOf = [] } = each
    if (typeof $ref === 'string') visit(root.definitions?.[$ref.split('/').at(-1) ?? ''])
    for (const part of [...anyOf, ...oneOf, ...allOf, each.then, each.else]) visit(part)
  }
  visit(schema)
  return [...found]
}

/** @param {Schema} root @param {Schema} member @returns {string} */
function describe(root, member) {
  if (typeof member !== 'object' || member === null) return ''
  const described = alternativesOf(root, member).find(
    ({ description }) => description !== undefined
  )
  return described?.description ?? ''
}
