import { PATH_TOKEN } from '../service-client.js'

/** @import { Values } from '../configuration.js' */

const LOCAL =
  /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[::1\]|.*\.localhost$)/

/**
 * What would keep an installed connector from working, or should be known before.
 *
 * @param {string} connectorUrl
 * @param {Values} values
 * @returns {{ title: string, text: string }[]}
 */
export function installNotes(connectorUrl, values) {
  const { hostname, pathname } = new URL(connectorUrl)
  const documents = [values['Schema URL'], ...(values['Overlay URL'] ?? '').split('\n')]
  const notes = []
  if (documents.some(location => /^\s*kept:\S/.test(location ?? ''))) {
    notes.push({
      title: 'The text is kept for a day only',
      text: 'Flows stop when it is gone. Put the text where the connector can read it, and give its address in place of kept:.'
    })
  }
  if (LOCAL.test(hostname)) {
    notes.push({
      title: 'This address works on your own machine or network only',
      text: 'The platform must reach the connector. Open this page under its public address to copy that.'
    })
  }
  if (PATH_TOKEN.test(pathname)) {
    notes.push({
      title: 'The connector URL is a secret',
      text: 'It ends with the path token. Whoever has it can use the connector.'
    })
  }
  return notes
}
