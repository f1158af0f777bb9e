// A SPIFFE Workload API client on @grpc/grpc-js and Node's own crypto; messages come from protos/spiffe/workload.proto at run time.
'use strict';
const crypto = require('node:crypto');
const path = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const proto = path.join(__dirname, '..', '..', 'protos', 'spiffe', 'workload.proto');
const { SpiffeWorkloadAPI } = grpc.loadPackageDefinition(loader.loadSync(proto, { keepCase: true, defaults: true }));

// A client whose methods are those of the API: connect().FetchJWTSVID({ audience: ['db'] }, header(), (error, response) => …).
const connect = (endpoint = process.env.SPIFFE_ENDPOINT_SOCKET) => new SpiffeWorkloadAPI(endpoint, grpc.credentials.createInsecure());

// Every call carries it: a browser or a confused proxy cannot send it by accident.
function header() {
  const metadata = new grpc.Metadata({ waitForReady: true });
  metadata.set('workload.spiffe.io', 'true');
  return metadata;
}

// All X.509 identities of this process now, and again whenever they change. Comes back to a daemon that restarts.
async function* watchX509(client) {
  for (let wait = 100; ; wait = Math.min(2 * wait, 30_000)) {
    const call = client.FetchX509SVID({}, header());
    try {
      for await (const response of call) {
        wait = 100;
        yield response.svids.map(x509Identity);
      }
    } catch (error) {
      if ([grpc.status.INVALID_ARGUMENT, grpc.status.UNIMPLEMENTED].includes(error.code)) throw error; // Asking again does not help.
      console.error(`${error.message}; asking again`);
    } finally {
      call.cancel();
    }
    await pause(wait);
  }
}

const x509Identity = (svid) => ({
  spiffeId: svid.spiffe_id,
  chain: certificates(svid.x509_svid), // The leaf first.
  key: crypto.createPrivateKey({ key: svid.x509_svid_key, format: 'der', type: 'pkcs8' }),
  bundle: certificates(svid.bundle), // Whom to trust in the identity's own trust domain.
  hint: svid.hint,
});

// Certificates that stand one behind the other.
function certificates(der) {
  const found = [];
  for (let start = 0; start < der.length;) {
    const long = der[start + 1] & 0x80 ? der[start + 1] & 0x7f : 0;
    const end = start + 2 + long + (long ? der.readUIntBE(start + 2, long) : der[start + 1]);
    found.push(new crypto.X509Certificate(der.subarray(start, end)));
    start = end;
  }
  return found;
}

module.exports = { grpc, connect, header, watchX509, x509Identity, certificates };
