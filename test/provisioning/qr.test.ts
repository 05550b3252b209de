import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/lib/secret.js';
import { createQrCodes } from '../../src/provisioning/qr.js';

// jsqr is CommonJS with a default export of its own, which Node gives inside another.
const read: typeof jsqr.default = 'default' in jsqr ? jsqr.default : jsqr;

function scan(png: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(png);
  return read(new Uint8ClampedArray(data), width, height)?.data;
}

describe('a QR code', () => {
  const { png } = createQrCodes();

  test.each([
    ['a short address', 'https://ucx.infinityone.app:21326'],
    [
      'a Sametime link',
      'hclsametime://dmisawa%40auto_sales@stproxyserver.example.com:9080/?action=AddCommunity',
    ],
    [
      'a Pexip link',
      `https://px01.vc.corp.example/api/client/v2/provision?data=${'bmFtZT1BbGljZQ'.repeat(24)}%3D%3D&message=UHJvdmlzaW9u`,
    ],
    ['a very long link', `https://px01.vc.corp.example/?data=${'Zm9vYmFy'.repeat(120)}`],
    ['text beyond ASCII', 'scloc:provider|{"sipusername":"søren-漢"}'],
  ])('of %s reads back as it', async (_name, uri) => {
    expect(scan(await png(new Secret(uri)))).toBe(uri);
  });

  test('has a quiet zone of four white squares all around', async () => {
    const { data, width, height } = PNG.sync.read(await png(new Secret('https://ucx.example:21326')));
    const white = (x: number, y: number) => data.readUInt32BE((y * width + x) * 4) === 0xffffffff;
    // 6 pixels a square; the finder pattern begins right after four squares.
    for (let step = 0; step < width; step += 1)
      for (let depth = 0; depth < 24; depth += 1)
        if (!white(step, depth) || !white(depth, step) || !white(step, height - 1 - depth))
          throw new Error(`${step}, ${depth} is not white`);
    expect(white(24, 24)).toBe(false);
  });

  test('holds 2,953 bytes and no more', async () => {
    await expect(png(new Secret('x'.repeat(2953)))).resolves.toBeInstanceOf(Buffer);
    await expect(png(new Secret('x'.repeat(2954)))).rejects.toMatchObject({
      code: 'ROLLCALL_ERR_QR_TOO_LONG',
      facts: { bytes: 2954 },
    });
  });

  test('is the same picture for the same link, drawn once, also when asked for twice at once', async () => {
    const uri = 'https://ucx.example:21326';
    const [one, two] = await Promise.all([png(new Secret(uri)), png(new Secret(uri))]);
    expect(one).toBe(two);
    expect(await createQrCodes().png(new Secret(uri))).toEqual(one);
  });

  test('is forgotten when others came since, but not when it was asked for again', async () => {
    const codes = createQrCodes({ keep: 2 });
    const draw = (name: string) => codes.png(new Secret(`https://${name}.example`));
    const a = await draw('a');
    const b = await draw('b');
    expect(await draw('a')).toBe(a);
    await draw('c');
    expect(await draw('a')).toBe(a);
    const again = await draw('b');
    expect(again).not.toBe(b);
    expect(again).toEqual(b);
  });
});
