// openid-client signs in: discovery, PKCE, ID token, userinfo, refresh, introspection, revocation; or it registers first.
import * as client from 'openid-client';
import {facts, found, open} from './talk.mjs';

const {issuer, algorithm, clientId, secret, method, callback, scope, resource, register} = await facts();
const plain = {execute: [client.allowInsecureRequests], algorithm};

function authentication() {
  if (method === 'none') return client.None();
  return method === 'client_secret_basic' ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret);
}

async function configured() {
  if (!register) return client.discovery(new URL(issuer), clientId, undefined, authentication(), plain);
  const wanted = {
    client_name: 'A Node client',
    redirect_uris: [callback],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: method,
  };
  return client.dynamicClientRegistration(new URL(issuer), wanted, authentication(), plain);
}

const config = await configured();
const verifier = client.randomPKCECodeVerifier();
const expected = {
  pkceCodeVerifier: verifier,
  expectedState: client.randomState(),
  expectedNonce: client.randomNonce(),
  idTokenExpected: true,
};
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: callback,
  scope,
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state: expected.expectedState,
  nonce: expected.expectedNonce,
  ...(resource && {resource}),
});
const tokens = await client.authorizationCodeGrant(config, await open(url), expected, resource && {resource});
const claims = tokens.claims();
const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
const weighed = method !== 'none' && (await client.tokenIntrospection(config, fresh.access_token));
await client.tokenRevocation(config, fresh.access_token);
const after = method !== 'none' && (await client.tokenIntrospection(config, fresh.access_token));
found({claims, userinfo, weighed, after, rotated: fresh.refresh_token !== tokens.refresh_token});
