import { expect, test } from 'vitest';
import { linkFields } from '../../src/provisioning/system.js';
import { prepared } from './support.js';

test.each([
  { system: 'pexip', node: 'px01.example' },
  { system: 'sametime', host: 'st.example' },
  { system: 'jitsi', host: 'of.example', secret: 'x' },
  { system: 'infinityone', host: 'ucx.example' },
  { system: 'custom', uri: 'https://a.example/' },
])('templates of $system may use each field that its links have, and no other', (section) => {
  const system = prepared(section);
  const { fields } = system.link(system.linkData({ device_alias: 'a@b.example' }));
  expect(['uri', 'qr', ...Object.keys(fields)].sort()).toEqual([...linkFields[system.name]].sort());
});
