import { SettingsSchema } from '../service/settings.ts'

/** Writes the page of all settings from their schema. */
export function renderSettings(): string {
  const rows = Object.entries(SettingsSchema.properties).map(([name, schema]) => {
    const { default: usual = '', description = '' } = schema
    const value = usual === '' ? 'blank' : `\`${usual}\``
    return `| \`${name}\` | ${value} | ${description} |`
  })
  return `# Settings

The service reads these environment variables. A blank value counts as unset. A malformed value stops the start with a message
that names the setting, the value and what is allowed. A name that looks like a misspelled setting is a warning. \`npm run docs\`
writes this page from \`service/settings.ts\`.

| name | default | meaning |
| --- | --- | --- |
${rows.join('\n')}
`
}
