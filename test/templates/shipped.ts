import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JinjaContext } from '../../src/jinja/types.js';

/** The templates that Rollcall ships with. */
export const shippedDir = join(import.meta.dirname, '../../templates');
export const shipped = readdirSync(shippedDir).sort();

const pexip =
  'https://px01.vc.corp.example/api/client/v2/provision?data=bmFtZT1BbGljZSBKb25lcyZyZWdpc3RyYXRpb25Ib3N0PXB4MDEudmMuY29ycC5leGFtcGxlJnJlZ2lzdHJhdGlvbkFsaWFzPWFsaWNlLmpvbmVzQHZpcC52Yy5jb3JwLmV4YW1wbGUmcmVnaXN0cmF0aW9uVXNlcm5hbWU9YWpvbmVz%3D%3D&message=UHJvdmlzaW9uIHlvdXIgYXBw';

const uris: Readonly<Record<string, string>> = {
  'pexip-app':
    'pexip-provision://settings/?data=bmFtZT1BbGljZSBKb25lcyZyZWdpc3RyYXRpb25Ib3N0PXB4MDEudmMuY29ycC5leGFt%3D%3D',
  sametime:
    'hclsametime://alice.jones%40corp.example@stproxy.corp.example:9080/?action=AddCommunity&communityName=Sametime%20Server',
  jitsi:
    'https://im.corp.example/plugins/jitsiProvisioning/provision?username=${username}&password=${password}&secret=x',
  infinityone: 'https://ucx.corp.example:21326',
  'custom-example': 'ciscojabber://provision?ServicesDomain=corp.example&VoiceServicesDomain=corp.example',
};

/** What a shipped template is rendered with, for someone of whom everything is known. */
export function fullContext(name: string, qr = 'cid:qr@rollcall'): JinjaContext {
  return {
    givenName: 'Alice',
    device_alias: 'alice.jones@vip.vc.corp.example',
    device_username: 'ajones',
    vars: { helpdesk: '+44 20 7946 0000', organisation: 'Example Corporation', product: 'Jabber' },
    campaign: { name },
    link: {
      uri: uris[name] ?? pexip,
      qr,
      host: 'stproxy.corp.example',
      port: '9080',
      community: 'Sametime Server',
      user: 'alice.jones@corp.example',
      hostPort: 'ucx.corp.example:21326',
      asksCredentials: 'true',
    },
  };
}

/** The same for someone of whom nothing is known that is not always there. */
export function sparseContext(name: string): JinjaContext {
  const { device_alias, campaign } = fullContext(name);
  const link = {
    uri: uris[name] ?? pexip,
    qr: 'cid:qr@rollcall',
    host: 'stproxy.corp.example',
    hostPort: 'ucx:21326',
  };
  return { device_alias, campaign, vars: {}, link };
}
