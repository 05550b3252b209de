import type { ExportFormat } from './export-format.js';
import { pexipDevices } from './export-pexip.js';
import { stproxyconfig } from './export-sametime.js';

/** The formats of `rollcall export`, by name. */
export const exportFormats: Readonly<Record<string, ExportFormat>> = {
  'pexip-devices': pexipDevices,
  stproxyconfig,
};
