import { z } from 'zod';
import type { LedgerParts } from './context.js';
import type { ReportLedger } from './types.js';

const reportAnswer = z.tuple([
  z.enum(['applied', 'noted', 'known', 'ignored', 'unknown']),
  z.enum(['new', 'held', 'none']),
]);

/** DSNs into the ledger. */
export function createReportLedger({ script }: LedgerParts): ReportLedger {
  return {
    async applyReport(delivery, { action, status, diagnostic, at, hard, suppress }) {
      const text = [
        `DSN ${action}`,
        hard ? 'for good' : '',
        status,
        diagnostic,
        at === undefined ? '' : `(${new Date(at).toISOString()})`,
      ];
      const { maxPerDay = 0, ...suppression } = suppress ?? {};
      const [taken, suppressed] = reportAnswer.parse(
        await script(
          'report',
          delivery,
          action,
          text.filter(Boolean).join(' '),
          suppress === undefined ? '' : JSON.stringify(suppression),
          maxPerDay,
        ),
      );
      return { taken, suppression: suppressed };
    },
  };
}
