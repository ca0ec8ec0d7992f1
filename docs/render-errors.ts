import { DIAGNOSTICS } from '../service/diagnostics.ts'
import type { ChangeEntry } from '../service/diff/changes.ts'
import { CHANGES } from '../service/diff/changes.ts'
import { PROBLEMS } from '../service/problems.ts'

/** Writes the page of all codes from the catalogue. */
export function renderErrors(): string {
  const rows = <T extends { message: string; remedy: string; see?: string }>(
    entries: { readonly [code: string]: T },
    word: (entry: T) => string | number
  ): string[] =>
    Object.entries(entries).map(
      ([code, entry]) =>
        `| \`${code}\` | ${word(entry)} | ${cell(entry.message)} | ${cell(entry.remedy)}${link(entry.see)} |`
    )
  return `# Errors and diagnostics

\`npm run docs\` writes this page from \`service/problems.ts\`, \`service/diagnostics.ts\` and \`service/diff/changes.ts\`. Codes are stable; texts may change, so match on the
code. \`{names}\` in braces are replaced by values of the request or the document.

## Problems

Every failing request is answered with a problem. Its \`message\` ends with the code in brackets, its \`remedy\` says what to
do, and its \`requestId\` is that of the log line. When an API refuses a call, the problem is \`API_ERROR\` with the
status of the API and \`kind\` \`api\`; the status is 502 if the API refused it with a 2xx. See [the form of a problem](protocol.md#problems).

| code | status | message | remedy |
| --- | --- | --- | --- |
${rows<{ status: number; message: string; remedy: string }>(PROBLEMS, ({ status }) => status).join('\n')}

## Diagnostics

\`openapi-flow check\` and \`POST /preview\` list the diagnostics of a document, each with its line and column.

| code | severity | message | remedy |
| --- | --- | --- | --- |
${rows<{ severity: string; message: string; remedy: string; see: string }>(DIAGNOSTICS, ({ severity }) => severity).join('\n')}

## Changes

\`openapi-flow diff\` and \`POST /diff\` list the changes from one version of a document to another; see [comparing versions](running.md#comparing-versions).

| code | installed flows | message | effect |
| --- | --- | --- | --- |
${changeRows().join('\n')}
`
}

function changeRows(): string[] {
  const entries: [string, ChangeEntry][] = Object.entries(CHANGES)
  return entries.map(
    ([code, { breaks, message, effect }]) =>
      `| \`${code}\` | ${breaks ? 'break' : 'keep working'} | ${cell(message)} | ${cell(effect)} |`
  )
}

/** A link to the heading that says what is right, as each diagnostic has one. */
function link(see: string | undefined): string {
  return see === undefined || see.includes('{')
    ? ''
    : ` See [${see.replace(/^.*#/, '').replaceAll('-', ' ')}](${see}).`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
