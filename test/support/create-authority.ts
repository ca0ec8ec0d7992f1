import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** A certificate and its private key, as paths of PEM files and as text. */
export type Issued = {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

/** A certificate authority. */
export type Authority = Issued & {
  /** Issues a certificate for a name such as `IP:127.0.0.1` or `DNS:localhost`, valid for a day. */
  issue(name: string, given?: { readonly expired: true }): Issued
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

const CONFIGURATION = `
[ca]
default_ca = authority
[authority]
certificate = ca.pem
private_key = ca.key
database = issued.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = names
[names]
commonName = supplied
`

/** Creates a certificate authority with the system's OpenSSL; its files are removed after the test. */
export function createAuthority(t: TestContext): Authority {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-ca-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' })
  }
  const issued = (name: string): Issued => {
    const [certFile, keyFile] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)]
    const [cert, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')]
    return { certFile, keyFile, cert, key }
  }
  openssl('req', '-x509', ...NEW_KEY, '-subj', '/CN=Test', '-keyout', 'ca.key', '-out', 'ca.pem')
  writeFileSync(join(directory, 'ca.cnf'), CONFIGURATION)
  writeFileSync(join(directory, 'issued.txt'), '')
  let count = 0
  return {
    ...issued('ca'),
    issue(name, given) {
      const id = `issued-${++count}`
      writeFileSync(join(directory, `${id}.ext`), `subjectAltName = ${name}\n`)
      const period =
        given === undefined
          ? ['-days', '1']
          : ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z']
      const files = ['-in', `${id}.csr`, '-out', `${id}.pem`, '-extfile', `${id}.ext`]
      openssl(
        'req',
        '-new',
        ...NEW_KEY,
        '-subj',
        `/CN=${id}`,
        '-keyout',
        `${id}.key`,
        '-out',
        `${id}.csr`
      )
      openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', ...period, ...files)
      return issued(id)
    }
  }
}
