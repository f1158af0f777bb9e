// Prints the X.509 identities of this process, and again at every rotation: watch.js [HOW_OFTEN]
'use strict';
const { connect, watchX509 } = require('./workload-api.js');

(async () => {
  let left = Number(process.argv[2] ?? Infinity);
  const client = connect();
  for await (const identities of watchX509(client)) {
    for (const { spiffeId, chain } of identities) {
      console.log(`${spiffeId} until ${new Date(chain[0].validTo).toISOString()}, serial ${chain[0].serialNumber.toLowerCase()}`);
    }
    if (--left <= 0) break;
  }
  client.close();
})();
