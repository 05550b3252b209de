import { readFile } from 'node:fs/promises';
import { RollcallError } from './errors.js';
import { fileReason } from './file-reason.js';

/**
 * The certificates to trust instead of the system's, as PEM.
 * @param setting what names the file, such as `smtp.caFile`
 * @throws ROLLCALL_ERR_FILE
 */
export async function readCa(file: string, setting: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new RollcallError(
      'ROLLCALL_ERR_FILE',
      `${setting}: ${file} cannot be read: ${fileReason(error)}.`,
      {
        cause: error,
      },
    );
  }
}
