/**
 * A name of a parameter or member in lower case, without anything but letters and digits: equal for
 * `page[size]`, `pageSize` and `$page_size`.
 */
export function pagingName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/**
 * Names under which answers say how their list is paged, as `pagingName` writes them, the surest first
 * (docs/x-flow.md#inferred-paging).
 */
export const PAGING_MEMBERS = {
  nextCursor: words(
    'nextcursor nextpagetoken nexttoken continuationtoken nextcontinuationtoken nextmarker ' +
      'nextcursormark nextpagecursor nextpagekey nextpageid nextoffset nextkey endcursor ' +
      'aftercursor cursornext lastevaluatedkey continue'
  ),
  nextLink: words(
    'odatanextlink nextlink nexturl nexturi nexthref nextpageurl nextpageuri nextpagelink ' +
      'nextrecordsurl next nextpage'
  ),
  /** The number of the next page. */
  nextPage: words('nextpage nextpagenumber next'),
  /** The objects of the whole list. */
  total: words(
    'total totalcount totalrecords totalitems totalresults totalelements totalsize totalrows ' +
      'totalhits totalnumber numfound nbhits recordstotal odatacount totalobjects'
  ),
  /** The objects of the list, or of the page alone. */
  counts: words('count resultcount recordcount itemcount size'),
  /** The pages of the whole list. */
  pages: words('totalpages pagecount pages numpages pagestotal totalpagecount nbpages lastpage'),
  /** Flags that are true while there is more. */
  more: words(
    'hasmore hasnext hasnextpage hasmoreitems hasmoreresults hasmorerecords hasmorepages ' +
      'hasmoredata moreresults morerecords moreavailable moreitemsincollection istruncated truncated more'
  ),
  /** Flags that are true on the last page. */
  last: words('islast islastpage last lastpage done end eof endofrecords endofresults exhausted'),
  /** Flags that are true on the first page. */
  first: words('isfirst isfirstpage first firstpage'),
  previous: words(
    'previous prev previousurl prevurl previouspage prevpage previouslink hasprevious hasprev ' +
      'haspreviouspage'
  ),
  /** The size of a page. */
  size: words('maxresults perpage pagesize itemsperpage pagelen pagelimit limit size'),
  /** The number of the page. */
  page: words('page pagenumber currentpage pageindex pageno number'),
  /** The position of the first object. */
  offset: words('offset startat skip startindex start from')
}

function words(text: string): readonly string[] {
  return text.split(' ')
}
