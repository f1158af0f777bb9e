// Cases of the Workload API on examples/node: client.js EXAMPLES CASE. Ends with 0 when the case held.
'use strict';
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const path = require('node:path');
const tls = require('node:tls');
const [examples, wanted] = process.argv.slice(2);
const { grpc, connect, header, watchX509, x509Identity, certificates } = require(path.join(examples, 'workload-api.js'));

const DOMAIN = 'spiffe://example.org';
const [WEB, DB] = [`${DOMAIN}/web`, `${DOMAIN}/db`];
const UNARY = ['FetchJWTSVID', 'ValidateJWTSVID'];
const client = connect();
const patience = () => ({ deadline: Date.now() + 60_000 });

const unary = (name, request, metadata = header()) => new Promise((resolve, reject) => {
  client[name](request, metadata, patience(), (error, response) => (error ? reject(error) : resolve(response)));
});

async function first(name, request = {}, metadata = header()) {
  const call = client[name](request, metadata, patience());
  try {
    for await (const response of call) return response;
  } finally {
    call.cancel();
  }
  throw new Error(`${name} ended without an answer`);
}

// Each method of the API to its first answer.
const everyCall = (metadata) => Object.entries({
  FetchX509SVID: {}, FetchX509Bundles: {}, FetchJWTSVID: { audience: ['db'] }, FetchJWTBundles: {},
  ValidateJWTSVID: { audience: 'db', svid: 'a.b.c' }, FetchWITSVID: {}, FetchWITBundles: {},
}).map(([name, request]) => () => (UNARY.includes(name) ? unary : first)(name, request, metadata()));

const fails = (code, call) => assert.rejects(call, (error) => error.code === code || assert.fail(`expected ${code}, got ${error}`));
const identities = async () => (await first('FetchX509SVID')).svids.map(x509Identity);
const spki = (key) => key.export({ type: 'spki', format: 'der' }).toString('hex');
const json = (text) => JSON.parse(Buffer.from(text, 'base64url'));

// Header and claims of a token whose ES256 signature one of the keys made.
function opened(token, jwks) {
  const [head, body, signature] = token.split('.');
  const found = json(head);
  assert.equal(found.alg, 'ES256');
  const jwk = JSON.parse(jwks).keys.find((key) => key.kid === found.kid);
  const key = { key: crypto.createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
  assert.ok(crypto.verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')), 'signature');
  return { header: found, claims: json(body) };
}

const cases = {
  async x509_svid() {
    const found = await identities();
    assert.deepEqual(found.map((i) => [i.spiffeId, i.hint]), [[WEB, 'web'], [DB, 'db']]);
    for (const { spiffeId, chain, key, bundle } of found) {
      assert.ok(chain[0].subjectAltName.split(', ').includes(`URI:${spiffeId}`), chain[0].subjectAltName);
      assert.ok(chain[0].checkPrivateKey(key), 'the key is another’s');
      chain.forEach((certificate, i) => {
        const issuers = i + 1 < chain.length ? [chain[i + 1]] : bundle;
        assert.ok(issuers.some((issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)), `certificate ${i} is not signed by the next`);
      });
      for (const authority of bundle) assert.equal(authority.subjectAltName, `URI:${DOMAIN}`);
    }
    assert.equal(found[0].chain[0].subjectAltName, `URI:${WEB}, DNS:web.example.org`);
    assert.notEqual(spki(found[0].chain[0].publicKey), spki(found[1].chain[0].publicKey));
  },

  async mtls() {
    const [web, db] = await identities();
    const context = ({ chain, key, bundle }) => ({
      key: key.export({ type: 'pkcs8', format: 'pem' }), cert: chain.map(String).join(''), ca: bundle.map(String), rejectUnauthorized: true,
    });
    const names = (socket) => socket.getPeerCertificate().subjectaltname;
    const server = tls.createServer({ ...context(web), requestCert: true }, (socket) => {
      socket.once('data', (data) => socket.end(`${data} from ${names(socket)}`));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const checkServerIdentity = (_, certificate) => (certificate.subjectaltname.split(', ').includes(`URI:${WEB}`) ? undefined : new Error('the server is another'));
    const socket = tls.connect({ ...context(db), port: server.address().port, host: '127.0.0.1', checkServerIdentity });
    socket.write('hello');
    let answer = '';
    for await (const data of socket) answer += data;
    assert.equal(answer, `hello from URI:${DB}`);
    assert.ok(socket.authorized);
    await assert.rejects(async () => { // Nobody comes in without an SVID.
      for await (const _ of tls.connect({ ca: context(db).ca, port: server.address().port, host: '127.0.0.1', checkServerIdentity })) assert.fail('let in');
    }, { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });
    server.close();
  },

  async watch() {
    const call = client.FetchX509SVID({}, header(), patience());
    const keys = new Set();
    const spans = [];
    for await (const { svids } of call) {
      const [leaf] = certificates(svids.find((svid) => svid.spiffe_id === WEB).x509_svid);
      if (!keys.has(spki(leaf.publicKey))) spans.push([new Date(leaf.validFrom), new Date(leaf.validTo)]);
      keys.add(spki(leaf.publicKey));
      if (keys.size === 3) break;
    }
    call.cancel();
    spans.slice(1).forEach((later, i) => {
      assert.ok(later[0] < spans[i][1], `a gap between ${spans[i]} and ${later}`);
      assert.ok(later[1] > spans[i][1], `${later} does not outlive ${spans[i]}`);
    });
  },

  async watch_wit() {
    const call = client.FetchWITSVID({ spiffe_id: WEB }, header(), patience());
    const keys = [];
    for await (const { svids } of call) if (keys.push(JSON.parse(svids[0].wit_svid_key).x) === 2) break;
    call.cancel();
    assert.notEqual(keys[0], keys[1]);
  },

  async bundles() {
    const x509 = (await first('FetchX509Bundles')).bundles;
    assert.deepEqual(Object.keys(x509), [DOMAIN]);
    assert.deepEqual(certificates(x509[DOMAIN]).map(String), (await identities())[0].bundle.map(String));
    const jwt = (await first('FetchJWTBundles')).bundles;
    const wit = (await first('FetchWITBundles')).bundles;
    assert.deepEqual([Object.keys(jwt), Object.keys(wit)], [[DOMAIN], [DOMAIN]]);
    const [jwtKeys, witKeys] = [jwt, wit].map((bundles) => JSON.parse(bundles[DOMAIN]).keys);
    assert.ok(jwtKeys.length > 0 && witKeys.length > 0);
    assert.ok(!jwtKeys.some((key) => witKeys.some((other) => other.kid === key.kid)), 'a key for both');
    assert.ok([...jwtKeys, ...witKeys].every((key) => key.kid && !('d' in key)), 'a private key, or one without a name');
  },

  async jwt_svid() {
    const { svids } = await unary('FetchJWTSVID', { audience: ['db', 'cache'], spiffe_id: WEB });
    assert.deepEqual(svids.map((svid) => svid.spiffe_id), [WEB]);
    const { claims } = opened(svids[0].svid, (await first('FetchJWTBundles')).bundles[DOMAIN]);
    assert.equal(claims.sub, WEB);
    assert.deepEqual([...claims.aud].sort(), ['cache', 'db']);
    assert.ok(claims.exp > Date.now() / 1000);
    const valid = await unary('ValidateJWTSVID', { audience: 'cache', svid: svids[0].svid });
    assert.equal(valid.spiffe_id, WEB);
    assert.equal(valid.claims.fields.sub.stringValue, WEB);
    assert.equal(valid.claims.fields.exp.numberValue, claims.exp);
    assert.equal((await unary('FetchJWTSVID', { audience: ['db'] })).svids.length, 2);
  },

  async jwt_refusals() {
    const token = (await unary('FetchJWTSVID', { audience: ['db'] })).svids[0].svid;
    await unary('ValidateJWTSVID', { audience: 'db', svid: token });
    const unsigned = token.slice(0, token.lastIndexOf('.') + 1);
    for (const [audience, svid] of [['web', token], ['', token], ['db', ''], ['db', 'x'], ['db', unsigned], ['db', unsigned + 'A'.repeat(86)]]) {
      await fails(grpc.status.INVALID_ARGUMENT, unary('ValidateJWTSVID', { audience, svid }));
    }
    await fails(grpc.status.INVALID_ARGUMENT, unary('FetchJWTSVID', { audience: [] }));
    await fails(grpc.status.INVALID_ARGUMENT, unary('FetchJWTSVID', { audience: ['db'], spiffe_id: 'not an id' }));
    await fails(grpc.status.PERMISSION_DENIED, unary('FetchJWTSVID', { audience: ['db'], spiffe_id: `${DOMAIN}/other` }));
  },

  async wit_svid() {
    const { svids } = await first('FetchWITSVID');
    assert.deepEqual(svids.map((svid) => svid.spiffe_id), [WEB, DB]);
    const jwks = (await first('FetchWITBundles')).bundles[DOMAIN];
    for (const svid of svids) {
      const token = opened(svid.wit_svid, jwks);
      assert.equal(token.header.typ, 'wit+jwt');
      assert.equal(token.claims.sub, svid.spiffe_id);
      assert.ok(!('d' in token.claims.cnf.jwk), 'the token holds the private key');
      const key = crypto.createPrivateKey({ key: JSON.parse(svid.wit_svid_key), format: 'jwk' });
      const confirmed = crypto.createPublicKey({ key: token.claims.cnf.jwk, format: 'jwk' });
      assert.ok(crypto.verify('sha256', Buffer.from('proof'), confirmed, crypto.sign('sha256', Buffer.from('proof'), key)), 'cnf is another key');
    }
  },

  async missing_header() {
    for (const values of [[], ['false'], ['True'], ['true', 'true']]) {
      const metadata = () => values.reduce((made, value) => (made.add('workload.spiffe.io', value), made), new grpc.Metadata());
      for (const call of everyCall(metadata)) await fails(grpc.status.INVALID_ARGUMENT, call);
    }
  },

  async no_identity() {
    for (const call of everyCall(header)) await fails(grpc.status.PERMISSION_DENIED, call);
  },

  async restart() {
    let before;
    for await (const found of watchX509(client)) {
      if (before) {
        assert.deepEqual(found.map((i) => i.spiffeId), before.map((i) => i.spiffeId));
        assert.notEqual(spki(found[0].bundle[0].publicKey), spki(before[0].bundle[0].publicKey));
        return;
      }
      before = found;
      console.log('restart');
    }
  },
};

cases[wanted]().then(() => client.close(), (error) => {
  console.error(`${wanted}: ${error.stack}`);
  process.exit(1);
});
