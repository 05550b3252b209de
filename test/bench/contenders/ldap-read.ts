/**
 * The bare paged read of ldapts, of the attributes that the night's run needs. Arguments: the URL, the base, the page
 * size, the attributes. Prints how many people there were.
 */
import { Client } from 'ldapts';

const [url = '', base = '', pageSize, ...attributes] = process.argv.slice(2);
const client = new Client({ url });
await client.bind('', '');
const pages = client.searchPaginated(base, {
  filter: '(objectClass=inetOrgPerson)',
  attributes,
  paged: { pageSize: Number(pageSize) },
});
let people = 0;
for await (const { searchEntries } of pages) people += searchEntries.length;
await client.unbind();
process.stdout.write(String(people));
