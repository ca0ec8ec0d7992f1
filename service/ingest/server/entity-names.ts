/** Most characters of a name, of a fully qualified one, and of the name of a field. */
const NAME_MAX = 256
const FULL_NAME_MAX = 3_072
const FIELD_NAME_MAX = 128

/** What separates the parts of names that a server makes of others. No name may contain it. */
const RESERVED = '::'

/** Why a server of OpenMetadata would refuse the name of an entity; null if it takes it. */
export function nameFault(name: string): string | null {
  if (name.trim() === '') return 'its name is blank'
  if (name.includes(RESERVED)) return `its name contains "${RESERVED}"`
  return lengthFault('its name', name, NAME_MAX)
}

/** The same for a fully qualified name. */
export function fullNameFault(name: string): string | null {
  return lengthFault('its fully qualified name', name, FULL_NAME_MAX)
}

/** The same for the name of a field. */
export function fieldNameFault(name: string): string | null {
  return name === '' ? 'its name is blank' : lengthFault('its name', name, FIELD_NAME_MAX)
}

/** Counts characters, not code units. */
function lengthFault(what: string, name: string, max: number): string | null {
  if (name.length <= max) return null
  const length = Array.from(name).length
  return length > max ? `${what} has ${length} characters, more than ${max}` : null
}

/** A name without what no name may contain. */
export function cleanName(name: string): string {
  return name.replace(/:{2,}/g, ':')
}

/** Joins names to a fully qualified one. A name with a dot or a quote is written in quotes. */
export function fullName(...names: readonly string[]): string {
  return names.map(quotedName).join('.')
}

function quotedName(name: string): string {
  return /[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}
