/** What the page is made of, by URLs relative to its own. */
export type ConsoleParts = {
  /** The module that starts the page. */
  readonly main: string
  readonly styles: readonly string[]
  /** Modules that are loaded at the start. */
  readonly preloads: readonly string[]
  /** URL by the name with which modules import a package. */
  readonly imports: { readonly [name: string]: string }
}

/** Writes the page that `GET /` answers with. @param nonce Of this answer alone. */
export function renderConsole(parts: ConsoleParts, nonce: string): string {
  const { main, styles, preloads, imports } = parts
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Workbench · openapi-flow-connector</title>
<link rel="icon" href="data:image/svg+xml,${ICON}">
${styles.map(href => `<link rel="stylesheet" href="${href}">`).join('\n')}
<script type="importmap" nonce="${nonce}">${JSON.stringify({ imports })}</script>
${preloads.map(href => `<link rel="modulepreload" href="${href}">`).join('\n')}
<script type="module" src="${main}" nonce="${nonce}"></script>
</head>
<body>
<div id="app"></div>
<noscript>The workbench needs JavaScript. The <a href="reference">reference</a> of the connector does not.</noscript>
</body>
</html>
`
}

/**
 * Writes a page that leads to the same address with a slash at its end. A redirect would have to name the last segment
 * of the path, which may be a token.
 */
export function renderDetour(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Workbench · openapi-flow-connector</title>
<script nonce="${nonce}">location.pathname += '/'</script>
</head>
<body>
<noscript>The workbench needs JavaScript.</noscript>
</body>
</html>
`
}

/**
 * The Content-Security-Policy of the page: its own files and calls of this connector, and nothing else.
 *
 * @see {@link https://www.w3.org/TR/CSP3/}
 */
export function consolePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    // The editor writes its style into the page.
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "worker-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types workbench'
  ].join('; ')
}

/** The Content-Security-Policy of the files of the page, of which some run as workers: they load modules, and nothing else. */
export const FILE_POLICY = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"

const ICON = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#4250c9"/><g fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round"><path d="M9 10h6a4 4 0 0 1 4 4v4a4 4 0 0 0 4 4"/><circle cx="8" cy="10" r="2.2" fill="#fff"/><circle cx="24" cy="22" r="2.2" fill="#fff"/></g></svg>'
)
