import { RollcallError } from '../lib/errors.js';
import type { ExportFormat } from './export-format.js';

/**
 * The snippet of a Sametime proxy's `stproxyconfig.xml` that puts the campaign's link behind the QR code of
 * "Configure Mobile Client". Nobody's own values are in it: everybody sees the same code.
 */
export const stproxyconfig: ExportFormat = {
  system: 'sametime',
  async *write({ system, constants }) {
    const uri = system.sharedUri?.(constants);
    if (uri === undefined)
      throw new RollcallError('ROLLCALL_ERR_EXPORT', `${system.name} has no link without a person in it.`);
    // HCL writes "%26" for the "&" between parameters here, and it is decoded again: one inside a value would
    // become one too.
    if (/%26/.test(uri))
      throw new RollcallError(
        'ROLLCALL_ERR_EXPORT',
        'The community name has an ampersand in it, which stproxyconfig.xml cannot hold.',
        { hint: 'Take another communityName.' },
      );
    yield `<mobile>\n  <configUrl>${uri.replaceAll('&', '%26')}</configUrl>\n</mobile>\n`;
    return [];
  },
};
