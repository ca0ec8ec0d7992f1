import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { EgressPolicy } from '../../service/net/egress-policy.ts'
import { createEgressPolicy } from '../../service/net/egress-policy.ts'
import { isPrivateHost } from '../../service/net/public-address.ts'
import { SettingsError } from '../../service/settings.ts'

const OWN = ['9.9.9.10', '2606:4700:4700::1111']

function policy(allow = '', deny = ''): EgressPolicy {
  return createEgressPolicy({ EGRESS_ALLOW: allow, EGRESS_DENY: deny }, () => OWN)
}

function permits(text: string, allow = '', deny = ''): boolean {
  return policy(allow, deny).permitsUrl(new URL(text))
}

/** Ranges that may not be called, each with addresses in it, and its neighbours outside that may. */
const RANGES: readonly {
  range: string
  inside: readonly string[]
  outside: readonly string[]
}[] = [
  { range: 'this network', inside: ['0.0.0.0', '0.255.255.255'], outside: ['1.0.0.0'] },
  {
    range: 'private 10/8',
    inside: ['10.0.0.0', '10.255.255.255'],
    outside: ['9.255.255.255', '11.0.0.0']
  },
  {
    range: 'CGNAT',
    inside: ['100.64.0.0', '100.100.100.200', '100.127.255.255'],
    outside: ['100.63.255.255', '100.128.0.0']
  },
  {
    range: 'loopback',
    inside: ['127.0.0.1', '127.255.255.255'],
    outside: ['126.255.255.255', '128.0.0.0']
  },
  { range: 'Azure host', inside: ['168.63.129.16'], outside: ['168.63.129.15', '168.63.129.17'] },
  {
    range: 'link-local',
    inside: ['169.254.0.0', '169.254.169.254', '169.254.255.255'],
    outside: ['169.253.255.255', '169.255.0.0']
  },
  {
    range: 'private 172.16/12',
    inside: ['172.16.0.0', '172.31.255.255'],
    outside: ['172.15.255.255', '172.32.0.0']
  },
  {
    range: 'IETF protocols',
    inside: ['192.0.0.0', '192.0.0.192', '192.0.0.255'],
    outside: ['191.255.255.255', '192.0.1.0']
  },
  {
    range: 'documentation 1',
    inside: ['192.0.2.0', '192.0.2.255'],
    outside: ['192.0.1.255', '192.0.3.0']
  },
  {
    range: '6to4 relays',
    inside: ['192.88.99.0', '192.88.99.255'],
    outside: ['192.88.98.255', '192.88.100.0']
  },
  {
    range: 'private 192.168/16',
    inside: ['192.168.0.0', '192.168.255.255'],
    outside: ['192.167.255.255', '192.169.0.0']
  },
  {
    range: 'benchmarks',
    inside: ['198.18.0.0', '198.19.255.255'],
    outside: ['198.17.255.255', '198.20.0.0']
  },
  {
    range: 'documentation 2',
    inside: ['198.51.100.0', '198.51.100.255'],
    outside: ['198.51.99.255', '198.51.101.0']
  },
  {
    range: 'documentation 3',
    inside: ['203.0.113.0', '203.0.113.255'],
    outside: ['203.0.112.255', '203.0.114.0']
  },
  {
    range: 'multicast and reserved',
    inside: ['224.0.0.0', '239.255.255.255', '240.0.0.0', '255.255.255.255'],
    outside: ['223.255.255.255']
  },
  { range: 'own IPv4', inside: ['9.9.9.10'], outside: ['9.9.9.9', '9.9.9.11'] },
  {
    range: 'unspecified, loopback, IPv4-compatible',
    inside: ['::', '::1', '::7f00:1', '::8.8.8.8'],
    outside: []
  },
  {
    range: 'IPv4-mapped and -translated',
    inside: ['::ffff:7f00:1', '::ffff:8.8.8.8', '::ffff:0:808:808'],
    outside: []
  },
  {
    range: 'NAT64',
    inside: ['64:ff9b::7f00:1', '64:ff9b::808:808', '64:ff9b:1::1', '64:ff9c::1'],
    outside: []
  },
  { range: 'discard', inside: ['100::1'], outside: [] },
  { range: 'before global unicast', inside: ['1fff:ffff::1'], outside: ['2000::1'] },
  {
    range: 'Teredo and protocols',
    inside: ['2001::1', '2001:0:7f00:1::1', '2001:2::1', '2001:1ff:ffff::1'],
    outside: ['2000:ffff::1', '2001:200::1']
  },
  {
    range: 'documentation 4',
    inside: ['2001:db8::', '2001:db8:ffff::1'],
    outside: ['2001:db7:ffff::1', '2001:db9::']
  },
  {
    range: '6to4',
    inside: ['2002::', '2002:7f00:1::1', '2002:808:808::1'],
    outside: ['2001:ffff::1', '2003::1']
  },
  {
    range: 'documentation 5',
    inside: ['3fff::', '3fff:fff::1'],
    outside: ['3ffe:ffff::1', '3fff:1000::1']
  },
  { range: 'after global unicast', inside: ['4000::1', '5f00::1'], outside: ['3fff:ffff::1'] },
  { range: 'unique local', inside: ['fc00::', 'fd00:ec2::254', 'fdff:ffff::1'], outside: [] },
  {
    range: 'link-local and site-local',
    inside: ['fe80::1', 'febf::1', 'fec0::1', 'feff::1'],
    outside: []
  },
  { range: 'multicast 6', inside: ['ff02::1', 'ffff::1'], outside: [] },
  { range: 'own IPv6', inside: ['2606:4700:4700::1111'], outside: ['2606:4700:4700::1112'] }
]

for (const { range, inside, outside } of RANGES) {
  test(`A1 ${range}: what is in the range may not be called, its public neighbours may`, () => {
    const strict = policy()
    const callable = (address: string): [asUrl: boolean, asAnswer: boolean] => {
      const host = address.includes(':') ? `[${address}]` : address
      return [
        strict.permitsUrl(new URL(`https://${host}/`)),
        strict.permitsAddress('api.example.com', 443, address)
      ]
    }
    for (const address of inside) assert.deepEqual(callable(address), [false, false], address)
    for (const address of outside) assert.deepEqual(callable(address), [true, true], address)
  })
}

test('A5 http and https alone may be called, and only without user information', () => {
  for (const url of ['http://api.example.com/a?b', 'https://api.example.com'])
    assert.ok(permits(url))
  for (const url of [
    'file:///etc/passwd',
    'ftp://api.example.com/a',
    'data:text/plain,a',
    'gopher://api.example.com/',
    'unix:/var/run/docker.sock',
    'ws://api.example.com/',
    'javascript:alert(1)',
    'https://u:p@api.example.com/',
    'https://u@api.example.com/',
    'https://:p@api.example.com/'
  ]) {
    assert.equal(permits(url, 'api.example.com'), false, url)
  }
})

test('A5 the ports of well-known services are for hosts that EGRESS_ALLOW names with the port', () => {
  const at = (port: number, allow = '') => permits(`http://api.example.com:${port}/`, allow)
  for (const port of [80, 443, 1024, 2048, 2050, 3000, 8080, 8443, 9201, 27018, 65_535]) {
    assert.ok(at(port), `${port}`)
  }
  const refused = [
    1, 21, 22, 25, 53, 79, 81, 442, 444, 1023, 2049, 3306, 5432, 6379, 9200, 11211, 27017
  ]
  for (const port of refused) {
    assert.equal(at(port), false, `${port}`)
    assert.equal(at(port, 'api.example.com'), false, `${port} with the host alone`)
    assert.equal(at(port, 'api.example.com:8080'), false, `${port} with another port`)
    assert.equal(at(port, 'other.example.com'), false, `${port} with another host`)
    assert.ok(at(port, `api.example.com:${port}`), `${port} named`)
    assert.ok(at(port, `*.example.com:${port}`), `${port} named by a wildcard`)
  }
  assert.ok(permits('http://10.1.2.3:6379', '10.0.0.0/8:6379'))
  assert.equal(permits('http://10.1.2.3:6379', '10.0.0.0/8'), false)
})

const NAMED: readonly { allow: string; url: string; named: boolean }[] = [
  { allow: '127.0.0.1', url: 'http://127.0.0.1:8080', named: true },
  { allow: '127.0.0.1', url: 'http://2130706433', named: true },
  { allow: '127.1', url: 'http://0x7f.1', named: true },
  { allow: '127.0.0.1:8080', url: 'http://127.0.0.1:8080', named: true },
  { allow: '127.0.0.1:8080', url: 'http://127.0.0.1:8081', named: false },
  { allow: '127.0.0.1:80', url: 'http://127.0.0.1', named: true },
  { allow: '127.0.0.1:443', url: 'https://127.0.0.1', named: true },
  { allow: '127.0.0.1:443', url: 'http://127.0.0.1', named: false },
  { allow: '127.0.0.1', url: 'http://[::ffff:127.0.0.1]', named: false },
  { allow: '::1', url: 'http://[::1]:8080', named: true },
  { allow: '[::1]', url: 'http://[0:0:0:0:0:0:0:1]', named: true },
  { allow: '[::1]:8080', url: 'http://[::1]:8080', named: true },
  { allow: '[::1]:8080', url: 'http://[::1]:8081', named: false },
  { allow: '10.0.0.0/8', url: 'http://10.9.8.7', named: true },
  { allow: '10.0.0.0/8', url: 'http://11.0.0.0', named: false },
  { allow: '10.0.0.0/8:8080', url: 'http://10.9.8.7:8080', named: true },
  { allow: '0.0.0.0/0', url: 'http://10.9.8.7', named: true },
  { allow: '0.0.0.0/0', url: 'http://[fd00::1]', named: false },
  { allow: 'fd00::/8', url: 'http://[fd12::1]', named: true },
  { allow: '[fd00::/8]:8443', url: 'https://[fd12::1]:8443', named: true },
  { allow: '[fd00::/8]:8443', url: 'https://[fd12::1]', named: false },
  { allow: 'Intern.Example', url: 'http://INTERN.example.', named: true },
  { allow: 'intern.example.', url: 'http://intern.example', named: true },
  { allow: 'intern.example', url: 'http://x.intern.example', named: false },
  { allow: '*.intern.example', url: 'http://x.intern.example', named: true },
  { allow: '*.intern.example', url: 'http://y.x.intern.example:8080', named: true },
  { allow: '*.intern.example', url: 'http://intern.example', named: false },
  { allow: '*.intern.example', url: 'http://xintern.example', named: false },
  { allow: '*.intern.example:8080', url: 'http://x.intern.example', named: false },
  { allow: 'bücher.example', url: 'http://xn--bcher-kva.example', named: true },
  { allow: 'xn--bcher-kva.example', url: 'http://BÜCHER.example', named: true },
  { allow: 'a.example, 10.0.0.1 ,, b.example', url: 'http://b.example', named: true },
  { allow: '', url: 'http://127.0.0.1', named: false }
]

for (const { allow, url, named } of NAMED) {
  test(`EGRESS_ALLOW="${allow}" ${named ? 'names' : 'does not name'} ${url}`, () => {
    assert.equal(policy(allow).isNamed(new URL(url)), named)
  })
}

test('V12 EGRESS_ALLOW=localhost names the loopback addresses, in every spelling that a URL takes', () => {
  for (const host of ['localhost', '127.0.0.1', '127.255.0.9', '127.1', '2130706433', '[::1]']) {
    for (const [allow, isPermitted] of [
      ['localhost', true],
      ['LOCALHOST.:8080', true],
      ['localhost:8081', false],
      ['app.localhost', false],
      ['*.localhost', false]
    ] as const) {
      assert.equal(permits(`http://${host}:8080`, allow), isPermitted, `${allow} ${host}`)
      assert.equal(policy(allow).isNamed(new URL(`http://${host}:8080`)), isPermitted)
    }
    assert.ok(permits(`http://${host}:6379`, 'localhost:6379'), host)
    assert.equal(permits(`http://${host}:6379`, 'localhost'), false, host)
  }
  for (const host of ['10.0.0.1', '0.0.0.0', '128.0.0.1', '[::2]', '[::ffff:127.0.0.1]']) {
    assert.equal(policy('localhost').isNamed(new URL(`http://${host}`)), false, host)
  }
})

test('V12 EGRESS_ALLOW=localhost lets no other name lead to this machine', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1']) {
    for (const name of ['evil.example', 'app.localhost', 'localhost.example']) {
      assert.equal(policy('localhost').permitsAddress(name, 8080, address), false, name)
    }
    assert.ok(policy('localhost').permitsAddress('localhost', 8080, address))
    assert.ok(policy('127.0.0.0/8, ::1').permitsAddress('evil.example', 8080, address))
  }
})

test('V12 EGRESS_DENY=localhost refuses this machine by name, by address, and whatever leads to it', () => {
  const allow = 'localhost, *.localhost, 127.0.0.0/8, ::/0, intern.example'
  for (const host of [
    'localhost',
    'a.localhost',
    '127.0.0.1',
    '127.1',
    '[::1]',
    '[::ffff:7f00:1]'
  ]) {
    assert.equal(permits(`http://${host}:8080`, allow, 'localhost'), false, host)
    assert.equal(permits(`http://${host}:8080`, allow, 'localhost:8080'), false, host)
    assert.ok(permits(`http://${host}:8080`, allow, 'localhost:8081'), host)
  }
  const denied = policy(allow, 'localhost')
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:7f00:1']) {
    assert.equal(denied.permitsAddress('intern.example', 8080, address), false, address)
  }
  assert.ok(denied.permitsAddress('intern.example', 8080, '10.0.0.1'))
})

test('V10 only a name with an entry of its own in EGRESS_ALLOW may be searched, at its port', () => {
  const { mayBeSearched } = policy('orders, orders.shop:8080, *.intern, 10.0.0.0/8')
  for (const [name, port, isSearched] of [
    ['orders', 443, true],
    ['ORDERS', 80, true],
    ['orders.shop', 8080, true],
    ['orders.shop', 8081, false],
    ['payments', 80, false],
    ['a.intern', 80, false],
    ['orders.intern', 80, false],
    ['orders.shop.svc', 8080, false]
  ] as const) {
    assert.equal(mayBeSearched(name, port), isSearched, `${name}:${port}`)
  }
})

test('localhost is this machine in every look-up', () => {
  for (const host of ['localhost', 'LocalHost.', 'app.localhost']) {
    assert.equal(permits(`http://${host}:8080`), false)
    for (const allow of ['127.0.0.1', '::1', '127.0.0.0/8:8080', '*.localhost,localhost']) {
      assert.ok(permits(`http://${host}:8080`, allow), `${host} ${allow}`)
    }
    assert.equal(permits(`http://${host}:8080`, '127.0.0.1:8081'), false)
  }
  assert.ok(permits('http://localhost.example'))
})

test('what EGRESS_ALLOW names may be called, at whatever address it is, and nothing else', () => {
  const named = policy('intern.example, 10.0.0.0/8:8080')
  assert.ok(named.permitsAddress('intern.example', 8080, '127.0.0.1'))
  assert.ok(named.permitsAddress('other.example', 8080, '10.1.2.3'))
  assert.equal(named.permitsAddress('other.example', 8081, '10.1.2.3'), false)
  assert.equal(named.permitsAddress('other.example', 8080, '127.0.0.1'), false)
  assert.equal(named.permitsAddress('intern.example', 8080, 'nowhere'), false)
  assert.ok(permits('http://10.1.2.3:8080', '10.0.0.0/8:8080'))
  assert.equal(permits('http://10.1.2.3', '10.0.0.0/8:8080'), false)
  assert.ok(permits('http://[::ffff:127.0.0.1]', '::ffff:127.0.0.1'))
})

test('EGRESS_DENY wins over what is public and over EGRESS_ALLOW, in every spelling', () => {
  const deny = 'bad.example, *.bad.example:8080, 10.0.0.0/8, 8.8.8.8, 93.0.0.0/8:8443'
  for (const url of [
    'https://bad.example',
    'https://BAD.example.',
    'http://x.bad.example:8080',
    'http://10.1.2.3',
    'http://[::ffff:10.1.2.3]',
    'http://134744072',
    'https://93.1.1.1:8443'
  ]) {
    assert.equal(permits(url, `${new URL(url).host}, ::/0, 0.0.0.0/0`, deny), false, url)
    assert.equal(policy(new URL(url).host, deny).isNamed(new URL(url)), false, url)
  }
  for (const url of ['https://x.bad.example', 'https://93.1.1.1', 'http://8.8.4.4']) {
    assert.ok(permits(url, '', deny), url)
  }
  const allowed = policy('intern.example', '10.0.0.0/8')
  assert.ok(allowed.permitsAddress('intern.example', 80, '127.0.0.1'))
  assert.equal(allowed.permitsAddress('intern.example', 80, '10.1.2.3'), false)
  assert.equal(allowed.permitsAddress('intern.example', 80, '::ffff:a01:203'), false)
})

for (const [kind, spellings] of [
  ['IPv4-mapped', ['::ffff:10.1.2.3', '::ffff:a01:203', '0:0:0:0:0:ffff:a01:203']],
  ['IPv4-compatible', ['::10.1.2.3', '::a01:203']],
  ['translated', ['::ffff:0:a01:203']],
  [
    'NAT64',
    ['64:ff9b::10.1.2.3', '64:ff9b::a01:203', '64:ff9b:1::a01:203', '64:ff9b:1:a01:2:300::']
  ],
  ['6to4', ['2002:a01:203::', '2002:a01:203:1::5', '2002:0a01:0203:ffff:ffff:ffff:ffff:ffff']]
] as const) {
  test(`H20 EGRESS_DENY refuses an address in its ${kind} forms too`, () => {
    for (const deny of ['10.1.2.3', '10.0.0.0/8', '10.1.2.3:8080']) {
      for (const address of spellings) {
        const refused = policy('::/0, 0.0.0.0/0, any.example', deny)
        assert.equal(refused.permitsUrl(new URL(`http://[${address}]:8080/`)), false, address)
        assert.equal(refused.permitsAddress('any.example', 8080, address), false, address)
        assert.equal(refused.isNamed(new URL(`http://[${address}]:8080/`)), false, address)
      }
    }
    for (const address of spellings) {
      const other = policy('::/0, 0.0.0.0/0', '10.1.2.4, 11.0.0.0/8, 10.1.2.3:8443')
      assert.ok(other.permitsUrl(new URL(`http://[${address}]:8080/`)), address)
    }
  })
}

test('H20 EGRESS_DENY of one IPv6 address refuses no other one', () => {
  const other = policy('::/0', '64:ff9b::a01:203, 2002:a01:203::/48')
  for (const address of ['64:ff9b::a01:204', '2002:a01:204::1', '::ffff:a01:203']) {
    assert.ok(other.permitsUrl(new URL(`http://[${address}]/`)), address)
  }
  assert.equal(other.permitsUrl(new URL('http://[2002:a01:203::9]/')), false)
})

test('H19 names of private networks are hidden, unless EGRESS_ALLOW has them', () => {
  const named = policy('orders, *.shop.svc.cluster.local:8080, 10.0.0.0/8')
  for (const [name, port, isHidden] of [
    ['intranet', 443, true],
    ['INTRANET.', 443, true],
    ['db.shop.svc', 443, true],
    ['a.b.cluster.local', 80, true],
    ['printer.local.', 80, true],
    ['metadata.google.internal', 80, true],
    ['nas.lan', 80, true],
    ['home.arpa', 80, true],
    ['router.home.arpa', 80, true],
    ['orders', 80, false],
    ['a.shop.svc.cluster.local', 8080, false],
    ['a.shop.svc.cluster.local', 8081, true],
    ['api.example.com', 443, false],
    ['internal.example', 443, false],
    ['notlocal', 443, true],
    ['not-local.example.lan.com', 443, false]
  ] as const) {
    assert.equal(named.isHidden(name, port), isHidden, name)
  }
})

for (const entry of [
  'a;b',
  '*..com',
  'a..b',
  '.example',
  'example..',
  "it's.example",
  'a+b',
  'a=b.example',
  '(a)',
  '*.a$b',
  'a!b',
  'a~b.example',
  'a{b}',
  `${'x'.repeat(64)}.example`,
  `${'long.'.repeat(60)}example`,
  'http://intern.example',
  'intern.example/path',
  'user@intern.example',
  'intern.example:port',
  'intern.example:0',
  'intern.example:65536',
  'intern.example:',
  ':80',
  '*',
  '*.',
  '*.*.example',
  'a.*.example',
  '*.127.0.0.1',
  '10.0.0.0/33',
  '10.0.0/8',
  '10.0.0.0/',
  'fd00::/129',
  'fd00::/8:8443',
  '[fd00::]/8:8443',
  '[10.0.0.1]:80',
  '[intern.example]',
  '[::1',
  'a b',
  'a%2eb'
]) {
  test(`H20 "${entry.slice(0, 80)}" is no entry: the start says which setting has it, and what is allowed`, () => {
    for (const [allow, deny, name] of [
      [`10.0.0.0/8,${entry}`, '', 'EGRESS_ALLOW'],
      ['', entry, 'EGRESS_DENY']
    ] as const) {
      assert.throws(
        () => policy(allow, deny),
        error =>
          error instanceof SettingsError &&
          error.message.startsWith(`${name} has "${entry}"; allowed is host, *.host, an address`)
      )
    }
  })
}

test('a host is private by its name or address, whatever its port', () => {
  for (const host of [
    'localhost',
    'LOCALHOST:3000',
    'a.localhost',
    '127.0.0.1:80',
    '[::1]:80',
    '10.1.1.1',
    '169.254.1.1'
  ]) {
    assert.ok(isPrivateHost(host), host)
  }
  for (const host of [
    'api.example.com',
    'localhost.example',
    '8.8.8.8',
    '{host}',
    '{host}:{port}',
    ''
  ]) {
    assert.equal(isPrivateHost(host), false, host)
  }
})
