import { SettingsSchema } from '../service/settings.ts'

/** Writes the page of all settings from their schema. */
export function renderSettings(): string {
  const rows = Object.entries(SettingsSchema.properties).map(([name, schema]) => {
    const words = 'description' in schema ? String(schema.description) : ''
    const value = 'default' in schema && schema.default !== '' ? `\`${schema.default}\`` : 'blank'
    return `| \`${name}\` | ${value} | ${words} |`
  })
  return `# Settings

Made from \`service/settings.ts\` by \`npm run docs\`. The service reads them from its environment. A blank
value is the same as an unset one. A malformed one stops the start and names the setting, what it got and
what is allowed; a name that is one or two letters from one of these is a warning.

| name | default | meaning |
| --- | --- | --- |
${rows.join('\n')}
`
}
