import type { Meaning, Property, Role } from './meaning.ts'
import { texts } from './meaning.ts'
import { nameMeaning } from './name-meaning.ts'
import { hasAddress } from './place-roles.ts'
import { labelOf, slugOf } from '../../base/name-words.ts'
import { hexAt, inTurn, numberAt } from './place.ts'
import { cityOf, companyOf, entryOf } from './subject.ts'
import {
  CATEGORIES,
  COLORS,
  GENRES,
  HEX_COLORS,
  MATERIALS,
  NAMES,
  PRODUCTS,
  SENTENCES,
  TAGS,
  TITLES,
  WORKS
} from './word-lists.ts'

const HOSTS = ['example.com', 'example.org', 'example.net']

const slug = ({ subject }: Property): string =>
  slugOf(
    subject.nounClass === 'work' ? entryOf(WORKS, subject.place) : entryOf(NAMES, subject.place)
  )

/** Words before `url` that say what kind of one it is. */
const OF_URLS = new Set(
  'html api self web full long short public browser external canonical base'.split(' ')
)

/** A page, or an image of what the words before say. */
const url =
  (ending: string) =>
  (property: Property): Meaning => {
    const { partWords, subject } = property
    const telling = partWords.filter(word => !OF_URLS.has(word))
    const folder = [...telling, ...subject.noun.slice(-1)].slice(0, 2).join('-')
    const path = ending === '.jpg' ? 'images' : ending === '' ? folder : 'files'
    return texts(
      `https://example.com/${path === '' ? '' : `${path}/`}${slug(property)}${ending}`,
      'https://example.com/',
      'https://example.com'
    )
  }

const sentence = ({ place }: Property): Meaning => {
  const text = entryOf(SENTENCES, place)
  return texts(text, text.slice(0, -1), labelOf(text.split(' ').slice(0, 3)))
}

const title = (property: Property): Meaning => {
  const { subject, place, partWords } = property
  if (subject.nounClass === 'person' && partWords.length === 0) return texts('Account manager')
  if (subject.nounClass === 'work') return texts(entryOf(WORKS, place))
  if (subject.nounClass === 'product') return texts(entryOf(PRODUCTS, place))
  return texts(entryOf(TITLES, place))
}

const host = ({ place }: Property): Meaning => texts(entryOf(HOSTS, place))

const hex =
  (digits: number) =>
  ({ place }: Property): Meaning =>
    texts(hexAt(place, digits))

/** `A-104`: a short code that is another in each row. */
const code =
  (prefix: (property: Property) => string) =>
  (property: Property): Meaning => {
    const number = 1001 + property.subject.place.row
    const lead = prefix(property)
    return { texts: [`${lead}-${number}`, `${lead}${number}`, String(number)], number }
  }

const initials = ({ subject, partWords }: Property): string =>
  ([...partWords, ...subject.noun].at(0) ?? 'ref').slice(0, 3).toUpperCase()

const fixed =
  (...candidates: readonly string[]) =>
  (): Meaning =>
    texts(...candidates)

const among =
  (list: readonly string[]) =>
  ({ place }: Property): Meaning =>
    texts(entryOf(list, place))

/** What has an extension that is no ending of a file. */
const CALLED = new Set(
  'phone telephone number tel fax mobile call voice line office work'.split(' ')
)

/** What is worked on is open, all else is active. */
const OPEN_NOUNS = new Set(
  'issue ticket task case deal lead opportunity request incident bug order milestone claim todo'.split(
    ' '
  )
)

const status = ({ subject }: Property): Meaning =>
  OPEN_NOUNS.has(subject.noun.at(-1) ?? '') ? texts('open', 'OPEN') : texts('active', 'ACTIVE')

const state = (property: Property): Meaning => {
  if (!hasAddress(property)) return status(property)
  const { regionCode, region } = cityOf(property.subject, property.part)
  return texts(regionCode, region)
}

/** Texts: titles, sentences, addresses in the web, codes, states. */
export const TEXT_ROLES: readonly Role[] = [
  { phrases: 'name,nick name,nickname,nick,alias', mean: nameMeaning },
  { phrases: 'title,subtitle,subject,headline,heading,caption,topic,agenda', mean: title },
  {
    phrases: 'label',
    mean: property => {
      const { subject } = property
      if (subject.nounClass === 'work') return texts(companyOf(subject, ''))
      return subject.nounClass === 'thing' ? nameMeaning(property) : title(property)
    }
  },
  {
    phrases:
      'description,summary,text,content,contents,body,message,comment,note,notes,remark,detail,details,excerpt,abstract,overview,reason,instruction,instructions,introduction,intro,explanation,help text,long description,short description,tagline,plain text,feedback,review,synopsis,statement,disclaimer,desc,snippet,copyright,hint,info,information,memo,reply,answer,purpose,justification,additional info,help,warning,resolution',
    mean: sentence
  },
  {
    phrases: 'question',
    mean: fixed('How was your experience?', 'Which day suits you best?')
  },
  {
    phrases:
      'html,body html,html body,description html,content html,rich text,html content,html description',
    mean: property => texts(`<p>${sentence(property).texts?.[0] ?? ''}</p>`)
  },
  {
    phrases:
      'url,uri,link,href,website,web site,homepage,home page,permalink,web page,webpage,web url,site url,resource uri,blog,self,location url,site',
    mean: url('')
  },
  {
    phrases:
      'image,image url,photo,photo url,avatar,avatar url,thumbnail,thumbnail url,logo,logo url,icon url,picture,picture url,image uri,banner,banner url,cover,cover url,poster,photo uri,profile picture,profile image,artwork,artwork url,image link,flag url,thumb,image href,cover image,background image,icon uri,logo uri,avatar uri',
    mean: url('.jpg')
  },
  {
    phrases: 'symbol,abbreviation,acronym,ticker,abbr',
    mean: property => texts(initials(property))
  },
  {
    phrases: 'arn',
    mean: property =>
      texts(
        `arn:aws:iam::123456789012:role/${slug(property)}`,
        `arn:aws:sns:us-east-1:123456789012:${slug(property)}`
      )
  },
  { phrases: 'icon', mean: fixed('star') },
  {
    phrases: 'domain,domain name,host,hostname,host name,fqdn,web domain,dns name,server name',
    mean: host
  },
  {
    phrases:
      'ip,ip address,ipv4,ip v4,ipv4 address,client ip,remote ip,remote addr,ip addr,last ip',
    mean: ({ place }) => texts(`192.0.2.${1 + inTurn(place, 250)}`)
  },
  {
    phrases: 'ipv6,ip v6,ipv6 address',
    mean: ({ place }) => texts(`2001:db8::${(1 + inTurn(place, 250)).toString(16)}`)
  },
  {
    phrases: 'mac,mac address',
    mean: ({ place }) => texts(`00:00:5e:00:53:${hexAt(place, 2)}`)
  },
  {
    phrases: 'cidr,subnet,ip range,cidr block,address prefix',
    mean: ({ partWords }) => texts(partWords.includes('6') ? '2001:db8::/32' : '192.0.2.0/24')
  },
  { phrases: 'endpoint,api endpoint,service endpoint,webhook,callback', mean: url('') },
  { phrases: 'availability zone,az', mean: among(['us-east-1a', 'us-east-1b', 'us-east-1c']) },
  { phrases: 'query string', mean: fixed('status=active') },
  { phrases: 'check in,checkin,check in time,arrival time', mean: fixed('15:00') },
  { phrases: 'check out,checkout,check out time,departure time', mean: fixed('11:00') },
  { phrases: 'user agent', mean: fixed('Mozilla/5.0') },
  {
    phrases: 'file name,filename,original filename,document name',
    mean: ({ place }) => texts(`${slugOf(entryOf(TITLES, place))}.pdf`)
  },
  {
    phrases: 'path,file path,folder,directory,full path,pathname',
    mean: property => texts(`/documents/${slug(property)}`, '/')
  },
  {
    phrases: 'mime type,content type,media type,file type,mime',
    mean: fixed('application/pdf', 'pdf')
  },
  {
    phrases: 'extension,file extension,ext',
    mean: ({ subject, partWords, place }) =>
      [...partWords, ...subject.within, ...subject.noun].some(word => CALLED.has(word))
        ? texts(String(100 + inTurn(place, 80)))
        : texts('pdf')
  },
  {
    phrases:
      'slug,handle,short name,shortname,url key,identifier name,system name,codename,code name,basename',
    mean: property => texts(slug(property))
  },
  { phrases: 'sha,sha1,commit,commit id,commit sha,revision,revision id', mean: hex(40) },
  { phrases: 'sha256,hash,digest,signature,fingerprint', mean: hex(64) },
  { phrases: 'md5,checksum,etag,e tag,md5sum,crc', mean: hex(32) },
  {
    phrases:
      'token,access token,refresh token,api key,secret,client secret,apikey,session,session id,session token,auth token,secret key,access key,credential,cursor',
    mean: ({ place }) => texts(hexAt(place, 24))
  },
  { phrases: 'password,passwd,pwd,passphrase,pin', mean: fixed('********') },
  {
    phrases:
      'version,api version,app version,release,schema version,software version,version number',
    mean: ({ place }) => ({ texts: [`1.${numberAt(place, 9)}.0`, '1.0'], number: 1 })
  },
  { phrases: 'tag,keyword,hashtag,labels,topics', mean: among(TAGS) },
  {
    phrases: 'category,subcategory,category name,sub category,section,collection',
    mean: among(CATEGORIES)
  },
  { phrases: 'genre', mean: among(GENRES) },
  {
    phrases: 'color,colour,color name',
    mean: ({ place }) => texts(entryOf(COLORS, place), entryOf(HEX_COLORS, place))
  },
  {
    phrases:
      'hex color,color hex,color code,hex,background color,text color,foreground color,bg color,primary color,secondary color,accent color',
    mean: ({ place }) => {
      const color = entryOf(HEX_COLORS, place)
      return texts(color, color.slice(1))
    }
  },
  { phrases: 'material,fabric', mean: among(MATERIALS) },
  {
    phrases: 'product,product name,item name,article,item description,product title',
    mean: among(PRODUCTS)
  },
  { phrases: 'state', mean: state },
  {
    phrases: 'status,status name,lifecycle state,current status,current state',
    mean: status
  },
  { phrases: 'payment status', mean: fixed('paid', 'PAID') },
  { phrases: 'payment method,payment type', mean: fixed('card', 'Credit card') },
  { phrases: 'shipping method,delivery method', mean: fixed('standard', 'Standard') },
  {
    phrases: 'type,kind,mode,class,variant,style,subtype,sub type,classification,tier',
    mean: fixed('standard', 'Standard', 'STANDARD')
  },
  { phrases: 'role', mean: fixed('member') },
  { phrases: 'level,risk level,size', mean: fixed('medium', 'MEDIUM') },
  { phrases: 'footer,header', mean: sentence },
  { phrases: 'pdf,document url,pdf url,download url,attachment url,file url', mean: url('.pdf') },
  {
    phrases: 'severity,priority,importance,urgency',
    mean: property => ({ texts: ['medium', 'MEDIUM'], number: 1 + inTurn(property.place, 3) })
  },
  { phrases: 'visibility,privacy,access', mean: fixed('public', 'PUBLIC') },
  { phrases: 'environment,env,stage', mean: fixed('production') },
  { phrases: 'platform,source,channel,origin,medium', mean: fixed('web', 'Web') },
  { phrases: 'operating system,os,os name', mean: fixed('Linux') },
  { phrases: 'browser', mean: fixed('Firefox') },
  {
    phrases: 'method',
    mean: ({ subject }) =>
      /request|route|operation|call|log|webhook|link|resource/.test(subject.noun.join(' '))
        ? texts('GET')
        : texts('standard', 'Standard')
  },
  { phrases: 'http method,request method', mean: fixed('GET') },
  { phrases: 'scope,permission', mean: fixed('read') },
  { phrases: 'unit,unit of measure,uom,measurement unit', mean: fixed('piece', 'pc') },
  { phrases: 'weight unit,mass unit', mean: fixed('kg') },
  { phrases: 'length unit,dimension unit,distance unit', mean: fixed('cm') },
  {
    phrases: 'frequency,interval,period,recurrence,billing cycle',
    mean: property => ({ texts: ['monthly', 'Monthly'], number: 1 + inTurn(property.place, 12) })
  },
  { phrases: 'encoding,charset,character set', mean: fixed('utf-8', 'UTF-8') },
  { phrases: 'license,licence,license name', mean: fixed('MIT') },
  { phrases: 'isbn,isbn13,isbn 13', mean: fixed('978-3-16-148410-0', '9783161484100') },
  {
    phrases: 'ean,gtin,upc,barcode,ean13,bar code',
    mean: ({ subject }) => texts(`400000000${1001 + subject.place.row}`)
  },
  { phrases: 'iban', mean: fixed('DE89 3704 0044 0532 0130 00', 'DE89370400440532013000') },
  { phrases: 'bic,swift,swift code,bic code', mean: fixed('EXAMUS33', 'EXAMUS33XXX') },
  {
    phrases: 'vat number,tax id,tax number,vat id,vat,tin,ein,tax identification number',
    mean: ({ subject }) => texts(`US00000${1001 + subject.place.row}`)
  },
  { phrases: 'ssn,social security number', mean: fixed('000-12-3456') },
  {
    phrases: 'card number,credit card number,pan',
    mean: fixed('4242424242424242', '4242 4242 4242 4242')
  },
  { phrases: 'last4,last 4,last four,last four digits,last 4 digits', mean: fixed('4242') },
  { phrases: 'card type,card brand', mean: fixed('Visa') },
  {
    phrases: 'license plate,plate,plate number,registration number',
    mean: ({ subject }) => texts(`ABC-${101 + subject.place.row}`)
  },
  {
    phrases: 'model,model name,model number',
    mean: ({ subject }) => texts(`Model ${101 + subject.place.row}`)
  },
  {
    phrases:
      'sku,part number,item number,product number,article number,product code,item code,stock code,material number,mpn',
    mean: code(() => 'SKU')
  },
  { phrases: 'invoice number,invoice no,invoice', mean: code(() => 'INV') },
  {
    phrases: 'order number,order no,order reference,po number,purchase order number',
    mean: code(() => 'ORD')
  },
  { phrases: 'tracking number,tracking code,shipment number', mean: code(() => 'TRK') },
  { phrases: 'account number,account no,account', mean: code(() => 'ACC') },
  { phrases: 'serial number,serial,serial no', mean: code(() => 'SN') },
  {
    phrases:
      'code,number,reference,ref,reference number,key,identifier,no,num,external reference,ref no,shortcode',
    mean: code(initials)
  },
  {
    phrases: 'opening hours,business hours,hours',
    mean: property => ({
      texts: ['Mon-Fri 09:00-17:00', '09:00-17:00'],
      number: 1 + inTurn(property.place, 8)
    })
  },
  {
    phrases: 'day of week,weekday,week day,day name',
    mean: ({ place }) => ({
      texts: [entryOf(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'], place)],
      number: 1 + inTurn(place, 5)
    })
  }
]
