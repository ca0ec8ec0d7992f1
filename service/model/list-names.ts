import { plainName } from '../base/plain-name.ts'

/** Names of what stands beside the objects of an answer. */
const BESIDE = new Set(
  'error errors warning warnings meta metadata link links included facets aggregations'.split(' ')
)

/** Whether a member of an answer is usually not the objects, unless the type is named like it. */
export function isBesideObjects(member: string, typeName: string): boolean {
  return BESIDE.has(plainName(member)) && !isNamedLike(member, typeName)
}

/** Whether the name of a member is that of a type, in singular or plural, or the last word of it. */
export function isNamedLike(member: string, typeName: string): boolean {
  // A prefix is a namespace, as of HAL's `ea:orders`.
  const name = plainName(member.split(':').at(-1) ?? member)
  const own = plainName(typeName)
  const singulars = [name, name.replace(/s$/, ''), name.replace(/ies$/, 'y')]
  return singulars.some(form => form.length > 2 && own.endsWith(form))
}
