/** Where the entries of a catalog link to (docs/catalog.md#links). */
export type CatalogLinks = {
  collection(name: string): string
  endpoint(collection: string, operationId: string | null): string
}

/**
 * Links into a page of documentation as Swagger UI has them: `docURL/#/collection/operationId`. Without a page, and for
 * an operation without an id, the link is the document.
 *
 * @param docUrl With or without `/`, `#` or `#/` at its end.
 */
export function createCatalogLinks(docUrl: string | null, documentUrl: string): CatalogLinks {
  if (docUrl === null) return { collection: () => documentUrl, endpoint: () => documentUrl }
  const base = docUrl.replace(/#?\/?$/, '').replace(/\/$/, '')
  const collection = (name: string): string => `${base}/#/${encoded(name)}`
  return {
    collection,
    endpoint: (name, operationId) =>
      operationId === null ? documentUrl : `${collection(name)}/${encoded(operationId)}`
  }
}

function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll('%2F', '/')
}
