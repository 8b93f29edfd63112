// oauth4webapi, which forgives nothing, reads every document by which an address can be found.
import * as oauth from 'oauth4webapi';
import {facts, found} from './talk.mjs';

const {issuer, resources} = await facts();
const plain = {[oauth.allowInsecureRequests]: true};
const servers = {};
for (const algorithm of ['oauth2', 'oidc']) {
  const answer = await oauth.discoveryRequest(new URL(issuer), {algorithm, ...plain});
  servers[algorithm] = await oauth.processDiscoveryResponse(new URL(issuer), answer);
}
const described = [];
for (const resource of resources) {
  const answer = await oauth.resourceDiscoveryRequest(new URL(resource), plain);
  described.push(await oauth.processResourceDiscoveryResponse(new URL(resource), answer));
}
found({servers, described});
