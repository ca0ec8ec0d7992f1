/** The words that made values are of: common, neutral, and of nobody in particular. */

const list = (text: string): readonly string[] => text.split(', ')

export const FIRST_NAMES = list(
  'Emma, Daniel, Sofia, James, Olivia, Lucas, Maria, David, Anna, Thomas, Laura, Michael, Elena, Robert, Julia, Peter'
)
export const LAST_NAMES = list(
  'Carter, Nguyen, Miller, Rossi, Parker, Schmidt, Garcia, Novak, Bennett, Silva, Hughes, Jensen, Morgan, Weber, Clark, Martin'
)
export const COMPANIES = list(
  'Northwind Traders, Summit Consulting, Harbor Logistics, Greenfield Foods, Blue River Media, Oakwood Partners, Lakeside Systems, Brightline Energy, Meridian Health, Stonebridge Supply'
)
export const JOBS = list(
  'Account manager, Software engineer, Sales representative, Project manager, Accountant, Designer, Support specialist, Analyst'
)
export const DEPARTMENTS = list('Sales, Finance, Operations, Marketing, Support, Engineering')
export const INDUSTRIES = list('Retail, Logistics, Healthcare, Manufacturing, Education, Energy')
export const PRODUCTS = list(
  'Desk lamp, Office chair, Travel mug, Notebook, Backpack, Wireless keyboard, Water bottle, Wall clock, Umbrella, Coffee grinder'
)
export const PETS = list('Bella, Max, Luna, Charlie, Daisy, Rocky, Molly, Oscar')
/** Names of what has a name and nothing else is known of. */
export const NAMES = list(
  'Atlas, Beacon, Cascade, Delta, Everest, Granite, Harbor, Horizon, Juniper, Lighthouse, Meridian, Summit'
)
export const TITLES = list(
  'Quarterly review, Project kick-off, Welcome on board, Release plan, Budget proposal, Weekly update, Training schedule, Customer survey, Site visit, Annual summary'
)
export const WORKS = list(
  'The Quiet Harbor, Northern Lights, Letters Home, A Winter Walk, The Long Way Round, Blue Hour, River Songs, The Glass Garden, Open Roads, Early Morning'
)
export const GENRES = list('Drama, Jazz, History, Comedy, Folk, Travel')
export const SENTENCES = list(
  'Prepared by the team and ready for review., Agreed at the last meeting., Updated after feedback from the customer., Covers everything that is needed for the next step., Please get in touch with any questions., Checked and approved., Replaces the earlier version., Follows the usual procedure.'
)
export const CATEGORIES = list('Accessories, Books, Garden, Kitchen, Office, Outdoor, Toys')
export const TAGS = list('new, featured, popular, seasonal, internal, priority, archive, draft')
export const COLORS = list('blue, green, red, white, black, orange, gray, purple')
export const HEX_COLORS = list('#336699, #2E8B57, #C0392B, #F39C12, #7F8C8D, #8E44AD')
export const MATERIALS = list('Cotton, Oak, Steel, Leather, Glass, Wool')
export const STREETS = list(
  'Main Street, Oak Avenue, Park Road, Maple Street, Station Road, Lake Drive, Hill Street, Mill Lane'
)

/** A city with what belongs to it. */
export type City = {
  readonly city: string
  readonly region: string
  readonly regionCode: string
  readonly postalCode: string
  readonly areaCode: string
  readonly latitude: number
  readonly longitude: number
  readonly timeZone: string
  /** The code of its airport. */
  readonly iata: string
}

/** All of one country, so that its codes, telephone numbers and currency go with them. */
export const CITIES: readonly City[] = list(
  'Austin/Texas/TX/78701/512/30.2672/-97.7431/Chicago/AUS, Denver/Colorado/CO/80202/303/39.7392/-104.9903/Denver/DEN, Portland/Oregon/OR/97205/503/45.5152/-122.6784/Los_Angeles/PDX, Boston/Massachusetts/MA/02108/617/42.3601/-71.0589/New_York/BOS, Chicago/Illinois/IL/60601/312/41.8781/-87.6298/Chicago/ORD, Seattle/Washington/WA/98101/206/47.6062/-122.3321/Los_Angeles/SEA, Atlanta/Georgia/GA/30303/404/33.749/-84.388/New_York/ATL, Phoenix/Arizona/AZ/85004/602/33.4484/-112.074/Phoenix/PHX'
).map(line => {
  const [city = '', region = '', regionCode = '', postalCode = '', areaCode = '', ...rest] =
    line.split('/')
  const [latitude, longitude, zone, iata = ''] = rest
  return {
    ...{ city, region, regionCode, postalCode, areaCode, timeZone: `America/${zone}` },
    ...{ latitude: Number(latitude), longitude: Number(longitude), iata }
  }
})

/** Name, codes of ISO 3166-1, currency and language. */
export const COUNTRIES = list(
  'United States/US/USA/USD/en, Germany/DE/DEU/EUR/de, France/FR/FRA/EUR/fr, Japan/JP/JPN/JPY/ja, Canada/CA/CAN/CAD/en, Brazil/BR/BRA/BRL/pt, United Kingdom/GB/GBR/GBP/en, Spain/ES/ESP/EUR/es'
).map(line => line.split('/'))
/** Code of ISO 4217, name, sign. */
export const CURRENCIES = list(
  'USD/US dollar/$, EUR/Euro/€, GBP/Pound sterling/£, JPY/Japanese yen/¥, CAD/Canadian dollar/$, CHF/Swiss franc/CHF'
).map(line => line.split('/'))
/** Code of ISO 639-1, name. */
export const LANGUAGES = list(
  'en/English, de/German, fr/French, es/Spanish, it/Italian, pt/Portuguese'
).map(line => line.split('/'))
