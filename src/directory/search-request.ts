import { PagedResultsControl, SearchRequest } from 'ldapts';
import type { Filter } from './filter.js';
import { toLdapts } from './filter-ber.js';

export interface SearchOptions {
  readonly base: string;
  readonly filter: Filter;
  readonly scope?: 'base' | 'sub';
  readonly attributes: readonly string[];
  /** Asks for one page of so many entries, after `cookie`. */
  readonly page?: { readonly size: number; readonly cookie: Buffer | undefined };
}

/** Numbers the requests of one connection. ldapts numbers its own from 2; these stay clear of them. */
export function createRequests(): (options: SearchOptions) => SearchRequest {
  let messageId = 1_000_000;
  return ({ base, filter, scope = 'sub', attributes, page }) =>
    new SearchRequest({
      messageId: ++messageId,
      baseDN: base,
      scope,
      filter: toLdapts(filter),
      attributes: [...attributes],
      // ldapts would ask the server to stop after 10 s. How long a page may take is the connection's to say.
      timeLimit: 0,
      sizeLimit: 0,
      ...(page && {
        controls: [
          new PagedResultsControl({
            critical: true,
            value: { size: page.size, ...(page.cookie && { cookie: page.cookie }) },
          }),
        ],
      }),
    });
}
