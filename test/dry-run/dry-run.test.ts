import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, type Human, openBench } from './support.js';

const nasty: readonly Human[] = [
  { uid: '../../etc/passwd', name: '</script><img src=x onerror=alert(1)>', mail: 'dots@corp.example' },
  { uid: 'CON', mail: 'CON@corp.example' },
  { uid: 'con2', mail: 'con@corp.example' },
  { uid: 'x'.repeat(90), name: 'y'.repeat(300), mail: `${'x'.repeat(60)}@corp.example` },
  { uid: 'nul', name: 'a\0b' },
  { uid: '王', name: '王小明', mail: 'wang@corp.example' },
  { uid: 'away', mail: 'away@elsewhere.example' },
  { uid: 'gone', more: ['employeeType: leaver'] },
  { uid: 'twin', name: 'Twin One', mail: 'one@corp.example' },
  { uid: 'TWIN', name: 'Twin Two', mail: 'two@corp.example' },
];

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

describe('a dry run', () => {
  it('renders everybody without Redis, SMTP and their secrets, into safe files of their owner alone', async () => {
    await bench.people(nasty);
    const { code, document } = await bench.document('out');
    expect(code).toBe(1); // the twins share an alias
    expect(document).toMatchObject({
      campaign: 'welcome',
      people: 10,
      counts: { messages: 6, skipped: 2, conflicts: 1, errors: 2, warnings: 0 },
      skipped: { 'no-pattern': 1, pattern: 1 },
      gallery: join(bench.dir, 'out/index.html'),
    });
    const manifest = await bench.manifest('out');
    expect(manifest.conflicts[0]?.alias).toBe('TWIN@vc.corp.example');
    const names = await readdir(join(bench.dir, 'out/messages'));
    expect(names).toHaveLength(18);
    for (const name of names)
      expect(name).toMatch(/^(?:[a-z0-9_][a-z0-9_-]{0,59}-)?[0-9a-f]{12}\.(?:eml|html|txt)$/);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(18);
    expect(await bench.modes('out')).toEqual(new Set(['folder 700', 'file 600']));
    const [first] = manifest.messages;
    const mail = await PostalMime.parse(await readFile(join(bench.dir, 'out', first?.files.eml ?? '')));
    expect(mail).toMatchObject({ subject: first?.subject, from: { address: 'video@corp.example' } });
    expect(new Date(mail.date ?? 0).getTime()).toBe(Date.UTC(2000, 0, 1));
  });

  it('gives the same bytes again, also when the directory answers in another order', async () => {
    await bench.people(nasty);
    await bench.dryRun('one');
    await bench.people([...nasty].reverse());
    await bench.dryRun('two');
    const bytes = await bench.bytes('one');
    expect(Object.keys(bytes)).toHaveLength(18 + 3);
    expect(await bench.bytes('two')).toEqual(bytes);
  });

  it('takes the date from SOURCE_DATE_EPOCH', async () => {
    await bench.people([{ uid: 'ann' }]);
    await bench.dryRun('out', [], { SOURCE_DATE_EPOCH: '1700000000' });
    const { messages } = await bench.manifest('out');
    expect(await readFile(join(bench.dir, 'out', messages[0]?.files.eml ?? ''), 'utf8')).toContain(
      'Date: Tue, 14 Nov 2023 22:13:20 +0000',
    );
    const wrong = await bench.dryRun('out2', [], { SOURCE_DATE_EPOCH: 'yesterday' });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('SOURCE_DATE_EPOCH') });
  });

  it('replaces an earlier dry run whole, and leaves a folder alone that is none', async () => {
    await bench.people([{ uid: 'ann' }, { uid: 'bob' }]);
    await bench.dryRun('out');
    await bench.people([{ uid: 'ann' }]);
    expect((await bench.dryRun('out')).code).toBe(0);
    expect(await readdir(join(bench.dir, 'out/messages'))).toHaveLength(3);
    await mkdir(join(bench.dir, 'mine'));
    await writeFile(join(bench.dir, 'mine/thesis.txt'), 'x');
    const refused = await bench.dryRun('mine');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('ROLLCALL_ERR_OUT') });
    expect(await readdir(join(bench.dir, 'mine'))).toEqual(['thesis.txt']);
    expect((await readdir(bench.dir)).sort()).toEqual([
      'jobs',
      'mine',
      'out',
      'people.ldif',
      'rollcall.yaml',
      'templates',
    ]);
  });

  it('renders only whom it is asked for, by id, uid, mail or DN, or only so many', async () => {
    await bench.people([{ uid: 'ann' }, { uid: 'bob' }, { uid: 'cat' }]);
    const { document } = await bench.document('out', ['--person', 'ann', '--person', 'cat@corp.example']);
    expect(document).toMatchObject({ people: 2, counts: { messages: 2 } });
    expect((await bench.document('out', ['--limit', '1'])).document).toMatchObject({
      people: 3,
      counts: { messages: 1 },
    });
    const dn = 'cn=bob,ou=people,dc=corp,dc=example';
    expect((await bench.document('out', ['--person', dn])).document.counts.messages).toBe(1);
    expect((await bench.dryRun('out', ['--person', 'zoe'])).code).toBe(2);
  });

  it('shows stand-ins for passwords, and refuses to reveal them without a terminal or in CI', async () => {
    await bench.people([{ uid: 'ann' }]);
    const { stderr, code } = await bench.dryRun('out', ['--reveal-secrets']);
    expect({ stderr, code }).toEqual({ stderr: expect.stringContaining('no terminal'), code: 2 });
    const inCi = await bench.dryRun('out', ['--reveal-secrets'], { CI: 'true' });
    expect(inCi).toMatchObject({ code: 2, stderr: expect.stringContaining('CI is set') });
    await bench.dryRun('out');
    const chunk = await readFile(join(bench.dir, 'out/gallery/0.js'), 'utf8');
    expect(chunk).toContain('["data › registrationPassword","••••••••••••"]');
  });

  it('tells what differs from an earlier one: new, gone and why, changed and what', async () => {
    const people = ['ann', 'bob', 'cat', 'dan'].map((uid) => ({ uid }));
    await bench.people(people);
    await bench.dryRun('before');
    await bench.write('templates/welcome/subject.txt', 'Your new address: {{ device_alias }}\n');
    await bench.people([
      { uid: 'ann' },
      { uid: 'bob', mail: 'robert@corp.example' },
      { uid: 'cat', more: ['employeeType: leaver'] },
      { uid: 'eve' },
    ]);
    const { document } = await bench.document('after', ['--against', join(bench.dir, 'before')]);
    const dn = (name: string) => `cn=${name},ou=people,dc=corp,dc=example`;
    expect(document.comparison).toMatchObject({
      added: [{ dn: dn('eve') }],
      gone: [
        { dn: dn('cat'), reason: 'pattern' },
        { dn: dn('dan'), reason: null },
      ],
      changed: [
        { dn: dn('ann'), changes: [{ what: 'subject' }, { what: 'wording' }] },
        { dn: dn('bob'), changes: [{ what: 'to' }, { what: 'subject' }, { what: 'wording' }] },
      ],
      same: 0,
    });
    const { stdout } = await bench.dryRun('after', ['--against', join(bench.dir, 'before')]);
    expect(stdout).toContain(`- ${dn('cat')}: now pattern`);
    expect(stdout).toContain('Compared: 1 new, 2 gone, 2 changed, 0 the same');
    const none = await bench.dryRun('after', ['--against', join(bench.dir, 'jobs')]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('ROLLCALL_ERR_AGAINST') });
  });

  it('names all problems of settings, campaign and templates in one go, and writes nothing', async () => {
    await bench.people([{ uid: 'ann' }]);
    await bench.write('templates/welcome/message.txt', 'Hello {{ givenNam }}\n\n{{ link.uri }}\n');
    await bench.write('templates/welcome/subject.txt', 'a\nb\n');
    await bench.write(
      'jobs/welcome.yaml',
      `${await readFile(join(bench.dir, 'jobs/welcome.yaml'), 'utf8')}repeet: never\n`,
    );
    await bench.write(
      'rollcall.yaml',
      (await readFile(join(bench.dir, 'rollcall.yaml'), 'utf8')).replace('from:', 'form: x, from:'),
    );
    const summary = join(bench.dir, 'summary.md');
    const { code, stdout, stderr } = await bench.dryRun('out', ['--format', 'github'], {
      GITHUB_WORKSPACE: bench.dir,
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(code).toBe(2);
    for (const place of [
      'file=rollcall.yaml,line=4',
      'file=jobs/welcome.yaml,line=12',
      'file=templates/welcome/message.txt,line=1,col=10',
      'file=templates/welcome/subject.txt,line=2,col=1',
    ])
      expect(stdout).toMatch(new RegExp(`^::error ${place}`, 'm'));
    expect(stderr).toContain('Did you mean "givenname"?');
    expect(await readFile(summary, 'utf8')).toContain('## welcome: nothing could be rendered');
    expect(await readdir(bench.dir)).not.toContain('out');
  });

  it('annotates problems with people and writes a step summary', async () => {
    await bench.people(nasty);
    const summary = join(bench.dir, 'summary.md');
    await writeFile(summary, 'before\n');
    const { code, stdout } = await bench.dryRun('out', ['--format', 'github'], {
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(code).toBe(1);
    expect(stdout.match(/^::error title=ROLLCALL_ERR_ALIAS_CONFLICT::/gm)).toHaveLength(2);
    const written = await readFile(summary, 'utf8');
    expect(written.startsWith('before\n')).toBe(true);
    expect(written).toContain('| 10 | 6 | 2 | 1 | 2 | 0 |');
  });

  it('ends with 4 where the directory cannot be read', async () => {
    const { code, stderr } = await bench.dryRun('out');
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('people.ldif') });
  });
});
