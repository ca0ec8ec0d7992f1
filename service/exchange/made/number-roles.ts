import type { Meaning, Property, Role } from './meaning.ts'
import { inTurn, numberAt } from './place.ts'
import type { Sale } from './subject.ts'
import { courseOf, isMeeting, saleOf } from './subject.ts'

const sale =
  (part: keyof Sale) =>
  ({ subject }: Property): Meaning => {
    const number = saleOf(subject)[part]
    return { number, texts: [number.toFixed(2), String(number)] }
  }

/** A number from `low` to below `low + count`, another in each row. */
const from =
  (low: number, count: number) =>
  ({ place }: Property): Meaning =>
    numbered(low + inTurn(place, count))

/** A number with one decimal. */
const tenths =
  (low: number, count: number) =>
  ({ place }: Property): Meaning =>
    numbered((low * 10 + numberAt(place, count * 10)) / 10)

function numbered(number: number): Meaning {
  return { number, texts: [String(number)] }
}

/** A share of one, or of a hundred where only whole numbers fit. */
const share = ({ place }: Property): Meaning => numbered((5 + numberAt(place, 91)) / 100)

const datePart =
  (part: (date: Date) => number) =>
  ({ subject }: Property): Meaning => {
    const number = part(new Date(courseOf(subject).created))
    return { number, texts: [String(number), String(number).padStart(2, '0')] }
  }

/** What has the direction of who began it. */
const SENT_OR_RECEIVED = /message|sms|call|fax|email|transaction|payment|transfer/

/** The ordinal of the row. */
const ordinal = ({ subject }: Property): Meaning => numbered(subject.place.row + 1)

export const SALE_ROLES: readonly Role[] = [
  {
    phrases:
      'price,unit price,list price,regular price,sale price,selling price,cost,unit cost,fare,base price,retail price,price amount,unit amount,wholesale price,hourly rate,rate amount,fee',
    mean: sale('price')
  },
  {
    phrases:
      'total,grand total,total price,total amount,amount total,order total,total cost,total paid,amount,amount paid,paid amount,balance,total value,invoice total,gross,gross amount,total gross,total inc tax,total incl tax,total with tax,current balance,available balance,payment amount,value amount,amount value,gross total,total including tax',
    mean: sale('total')
  },
  {
    phrases:
      'subtotal,sub total,net,net amount,net total,total net,items total,line total,net price,total excl tax,total before tax,amount net,line amount,subtotal amount,total ex tax,total excluding tax',
    mean: sale('net')
  },
  {
    phrases:
      'tax,vat amount,tax amount,total tax,tax total,amount tax,sales tax,tax value,total taxes,taxes',
    mean: sale('tax')
  },
  {
    phrases: 'discount,discount amount,total discount,discounts,discount total,amount discount',
    mean: sale('discount')
  },
  {
    phrases:
      'shipping cost,shipping,shipping amount,shipping fee,shipping total,total shipping,delivery fee,freight,service fee,shipping price,delivery cost',
    mean: sale('shipping')
  },
  {
    phrases: 'quantity,qty,amount of items,ordered quantity,quantity ordered,item quantity',
    mean: ({ subject }) => numbered(saleOf(subject).quantity)
  },
  {
    phrases:
      'salary,income,revenue,budget,sales,turnover,profit,annual revenue,credit limit,deposit,loan amount,market cap,capital,net worth',
    mean: ({ place }) => numbered(24_000 + inTurn(place, 8) * 6_500)
  }
]

export const NUMBER_ROLES: readonly Role[] = [
  { phrases: 'rate', mean: from(5, 20) },
  { phrases: 'attempt,attempt count,interval count,try,attempt number', mean: () => numbered(1) },
  {
    phrases:
      'percent,percentage,pct,progress,battery,battery level,humidity,completion,percent complete,discount percent,discount percentage,cloudiness,clouds',
    mean: ({ place }) => numbered(10 + 5 * inTurn(place, 17))
  },
  {
    phrases:
      'ratio,probability,confidence,fraction,weighting,confidence score,relevance,similarity,accuracy,opacity',
    mean: share
  },
  { phrases: 'tax rate,vat rate,tax percent,tax percentage', mean: () => numbered(20) },
  {
    phrases: 'exchange rate,conversion rate,fx rate,currency rate',
    mean: ({ place }) => numbered((90 + inTurn(place, 40)) / 100)
  },
  {
    phrases: 'interest rate,apr,apy',
    mean: ({ place }) => numbered((25 + inTurn(place, 20)) / 10)
  },
  {
    phrases: 'rating,stars,average rating,avg rating,rating average,star rating',
    mean: ({ place }) => numbered(3 + inTurn(place, 3))
  },
  { phrases: 'score,points,grade,popularity,rank score', mean: from(60, 40) },
  { phrases: 'year', mean: datePart(date => date.getUTCFullYear()) },
  {
    phrases:
      'fiscal year,model year,production year,release year,year built,founded,year founded,year of birth,birth year,established,founded year,vintage',
    mean: from(1985, 36)
  },
  { phrases: 'month', mean: datePart(date => date.getUTCMonth() + 1) },
  { phrases: 'day,day of month', mean: datePart(date => date.getUTCDate()) },
  { phrases: 'quarter', mean: datePart(date => 1 + Math.floor(date.getUTCMonth() / 3)) },
  { phrases: 'week,week number,calendar week', mean: from(1, 52) },
  { phrases: 'hour', mean: from(8, 10) },
  { phrases: 'minute,second', mean: ({ place }) => numbered(5 * inTurn(place, 12)) },
  {
    phrases: 'exp month,expiry month,expiration month,exp mon',
    mean: datePart(date => date.getUTCMonth() + 1)
  },
  {
    phrases: 'exp year,expiry year,expiration year',
    mean: ({ subject }) => numbered(new Date(courseOf(subject).expires).getUTCFullYear() + 1)
  },
  {
    phrases: 'duration minutes,minutes,duration min,length minutes',
    mean: ({ place }) => numbered(15 * (1 + inTurn(place, 6)))
  },
  {
    phrases: 'duration ms,milliseconds,duration millis,track time millis,latency,elapsed',
    mean: ({ place }) => numbered(120_000 + 1_000 * numberAt(place, 180))
  },
  {
    phrases:
      'duration,length,runtime,running time,seconds,timeout,ttl,time limit,duration seconds,elapsed time,playtime,expires in,max age',
    mean: ({ subject, place }) =>
      numbered(isMeeting(subject) ? 15 * (2 + inTurn(place, 5)) : 60 * (1 + inTurn(place, 30)))
  },
  { phrases: 'temperature,temp,feels like,temp c,temperature c', mean: tenths(12, 14) },
  { phrases: 'cpu,vcpu,v cpu,core,cpu count,processor', mean: from(1, 8) },
  { phrases: 'memory,ram', mean: ({ place }) => numbered(1_024 * (1 + inTurn(place, 8))) },
  {
    phrases: 'size',
    mean: ({ subject, place }) =>
      subject.nounClass === 'file' || subject.noun.includes('folder')
        ? numbered(20_480 + 1_024 * numberAt(place, 400))
        : numbered(1 + inTurn(place, 50))
  },
  { phrases: 'pressure', mean: from(1005, 20) },
  { phrases: 'wind speed,speed,velocity', mean: tenths(2, 12) },
  {
    phrases: 'wind degree,wind direction,degree,heading,bearing,direction,wind deg,angle,rotation',
    mean: ({ subject, place }) => ({
      number: 10 * numberAt(place, 36),
      texts: SENT_OR_RECEIVED.test(subject.noun.join(' '))
        ? ['outbound', 'OUTBOUND', 'out']
        : ['north', 'N']
    })
  },
  { phrases: 'altitude,elevation', mean: from(120, 400) },
  { phrases: 'weight,mass,gross weight,net weight', mean: tenths(1, 20) },
  {
    phrases: 'height,width,depth,breadth,size x,size y,thumbnail height,thumbnail width',
    mean: ({ place }) => numbered(120 + 40 * inTurn(place, 10))
  },
  { phrases: 'distance,radius,mileage,distance km', mean: tenths(2, 40) },
  {
    phrases: 'area,square meter,square feet,volume,capacity,floor area',
    mean: ({ place }) => numbered(40 + 10 * inTurn(place, 12))
  },
  {
    phrases: 'population,inhabitant',
    mean: ({ place }) => numbered(120_000 + 35_000 * inTurn(place, 12))
  },
  {
    phrases:
      'file size,bytes,content length,size bytes,size in bytes,byte size,filesize,total bytes',
    mean: ({ place }) => numbered(20_480 + 1_024 * numberAt(place, 400))
  },
  {
    phrases:
      'count,total count,stock,total items,total results,inventory,views,likes,clicks,downloads,votes,followers,following,view,hit,visits,impressions,sold,quantity available,available quantity,stock quantity,on hand,occurrences,followers count,total records,total elements,result count,number of items,record count',
    mean: from(2, 24)
  },
  {
    phrases: 'pages',
    mean: ({ subject, place }) =>
      numbered(subject.nounClass === 'work' ? 180 + 12 * inTurn(place, 20) : 1 + inTurn(place, 9))
  },
  {
    phrases:
      'page,page number,current page,page index,number of page,total page,page count,last page,first page',
    mean: () => numbered(1)
  },
  {
    phrases: 'page size,per page,limit,items per page,max results,page limit',
    mean: () => numbered(20)
  },
  { phrases: 'offset,skip,start index', mean: () => numbered(0) },
  {
    phrases:
      'amount due,total due,due,amount credited,amount refunded,amount remaining,refunded amount,remaining amount,outstanding amount,retry count,retries,attempts,failure count,error count,failed count,errors count,failures,deleted count,unread count',
    mean: () => numbered(0)
  },
  {
    phrases:
      'index,order,position,rank,sort order,sequence,ordinal,sort,display order,sequence number,line number,row number,row,sort index,order index,episode number,track number,line,step,level,number',
    mean: ordinal
  },
  { phrases: 'id', mean: ordinal },
  {
    phrases: 'status code,http status,response code,http code,http status code,response status',
    mean: () => numbered(200)
  },
  { phrases: 'status,state', mean: () => numbered(1) },
  { phrases: 'port', mean: () => numbered(443) },
  {
    phrases:
      'floor,bedroom,bathroom,room,seat,door,guest,adult,children,night,bedrooms,bathrooms,rooms,beds',
    mean: from(1, 4)
  }
]
