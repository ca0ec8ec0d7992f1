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
  return name.length > NAME_MAX
    ? `its name has ${name.length} characters, more than ${NAME_MAX}`
    : null
}

/** The same for a fully qualified name. */
export function fullNameFault(name: string): string | null {
  return name.length > FULL_NAME_MAX
    ? `its fully qualified name has ${name.length} characters, more than ${FULL_NAME_MAX}`
    : null
}

/** Whether a server would take the name of a field. */
export function isFieldName(name: string): boolean {
  return name !== '' && name.length <= FIELD_NAME_MAX
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
