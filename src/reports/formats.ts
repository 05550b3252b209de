import { csvReport } from './csv.js';
import { htmlReport } from './html.js';
import { jsonReport } from './json.js';
import type { ReportFormat } from './report.js';

/** The formats of `rollcall report`, by name. */
export const reportFormats: Readonly<Record<string, ReportFormat>> = {
  html: htmlReport,
  csv: csvReport,
  json: jsonReport,
};
