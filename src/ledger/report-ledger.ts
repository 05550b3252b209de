import { z } from 'zod';
import type { LedgerParts } from './context.js';
import type { ReportLedger } from './types.js';

const reportAnswer = z.enum(['applied', 'noted', 'ignored', 'unknown']);

/** DSNs into the ledger. */
export function createReportLedger({ script }: LedgerParts): ReportLedger {
  return {
    async applyReport(delivery, { action, status, diagnostic, at, hard }) {
      const text = [
        `DSN ${action}`,
        hard ? 'for good' : '',
        status,
        diagnostic,
        `(${new Date(at).toISOString()})`,
      ];
      return reportAnswer.parse(await script('report', delivery, action, text.filter(Boolean).join(' ')));
    },
  };
}
