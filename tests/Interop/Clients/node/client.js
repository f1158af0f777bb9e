// Interop cases with @grpc/grpc-js: client.js MODULES SOCKET DESCRIPTORS CASE. Ends with 0 when the case held.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const assert = require('node:assert/strict');
const [modules, socket, descriptors, wanted] = process.argv.slice(2);
const grpc = require(path.join(modules, '@grpc', 'grpc-js'));
const loader = require(path.join(modules, '@grpc', 'proto-loader'));

const loaded = loader.loadFileDescriptorSetFromBuffer(fs.readFileSync(descriptors), { keepCase: true, defaults: true });
const testing = grpc.loadPackageDefinition(loaded).grpc.testing;
const client = new testing.TestService(`unix:${socket}`, grpc.credentials.createInsecure());
const requestSizes = [27182, 8, 1828, 45904];
const responseSizes = [31415, 9, 2653, 58979];
const patience = () => ({ deadline: Date.now() + 60_000 });

// Resolves with what a unary or client-streaming call came to.
function settled(start) {
  return new Promise((resolve) => {
    const outcome = {};
    const call = start((error, response) => Object.assign(outcome, { error, response }));
    call.on('metadata', (metadata) => { outcome.initial = metadata; });
    call.on('status', (status) => resolve({ ...outcome, status }));
    outcome.call = call;
  });
}

// Resolves with what a stream of responses came to.
function drained(call) {
  return new Promise((resolve) => {
    const outcome = { responses: [] };
    call.on('metadata', (metadata) => { outcome.initial = metadata; });
    call.on('data', (response) => outcome.responses.push(response.payload.body.length));
    call.on('error', (error) => { outcome.error = error; });
    call.on('status', (status) => resolve({ ...outcome, status }));
  });
}

const ask = (size, payload) => ({ response_parameters: [{ size }], payload: { body: Buffer.alloc(payload) } });
const large = { response_size: 314159, payload: { body: Buffer.alloc(271828) } };

async function unaryOk(name, request, options = patience()) {
  const outcome = await settled((done) => client[name](request, new grpc.Metadata(), options, done));
  assert.equal(outcome.status.code, grpc.status.OK, outcome.status.details);
  return outcome.response;
}

async function status(code, message, withDuplex) {
  const unary = await settled((done) => client.UnaryCall({ response_status: { code, message } }, patience(), done));
  assert.equal(unary.status.code, code);
  assert.equal(unary.status.details, message);
  if (!withDuplex) return;
  const call = client.FullDuplexCall(patience());
  call.end({ response_status: { code, message } });
  const duplex = await drained(call);
  assert.equal(duplex.status.code, code);
  assert.equal(duplex.status.details, message);
}

const cases = {
  async empty_unary() {
    assert.deepEqual({ ...(await unaryOk('EmptyCall', {})) }, {});
  },
  async large_unary() {
    assert.ok((await unaryOk('UnaryCall', large)).payload.body.equals(Buffer.alloc(314159)));
  },
  async gzip_unary() {
    const gzipped = new testing.TestService(`unix:${socket}`, grpc.credentials.createInsecure(), { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip });
    const outcome = await settled((done) => gzipped.UnaryCall(large, new grpc.Metadata(), patience(), done));
    gzipped.close();
    assert.equal(outcome.status.code, grpc.status.OK, outcome.status.details);
    assert.equal(outcome.response.payload.body.length, 314159);
  },
  async client_streaming() {
    const outcome = await settled((done) => {
      const call = client.StreamingInputCall(patience(), done);
      for (const size of requestSizes) call.write({ payload: { body: Buffer.alloc(size) } });
      call.end();
      return call;
    });
    assert.equal(outcome.response.aggregated_payload_size, 74922);
  },
  async server_streaming() {
    const outcome = await drained(client.StreamingOutputCall({ response_parameters: responseSizes.map((size) => ({ size })) }, patience()));
    assert.deepEqual(outcome.responses, responseSizes);
    assert.equal(outcome.status.code, grpc.status.OK);
  },
  async ping_pong() {
    const call = client.FullDuplexCall(patience());
    const ended = drained(call);
    for (let i = 0; i < 4; i++) {
      const answered = new Promise((resolve) => call.once('data', resolve));
      call.write(ask(responseSizes[i], requestSizes[i]));
      assert.equal((await answered).payload.body.length, responseSizes[i]);
    }
    call.end();
    const outcome = await ended;
    assert.equal(outcome.responses.length, 4);
    assert.equal(outcome.status.code, grpc.status.OK);
  },
  async empty_stream() {
    const call = client.FullDuplexCall(patience());
    call.end();
    const outcome = await drained(call);
    assert.deepEqual(outcome.responses, []);
    assert.equal(outcome.status.code, grpc.status.OK);
  },
  async cancel_after_begin() {
    const outcome = await settled((done) => {
      const call = client.StreamingInputCall(done);
      setImmediate(() => call.cancel());
      return call;
    });
    assert.equal(outcome.status.code, grpc.status.CANCELLED);
    await cases.empty_unary();
  },
  async cancel_after_first_response() {
    const call = client.FullDuplexCall(patience());
    const ended = drained(call);
    call.once('data', () => call.cancel());
    call.write(ask(31415, 27182));
    const outcome = await ended;
    assert.deepEqual(outcome.responses, [31415]);
    assert.equal(outcome.status.code, grpc.status.CANCELLED);
    await cases.empty_unary();
  },
  async timeout_on_sleeping_server() {
    const call = client.FullDuplexCall({ deadline: Date.now() + 50 });
    const ended = drained(call);
    call.write({ response_parameters: [{ size: 31415, interval_us: 600_000_000 }], payload: { body: Buffer.alloc(27182) } });
    assert.equal((await ended).status.code, grpc.status.DEADLINE_EXCEEDED);
    await cases.empty_unary();
  },
  status_code_and_message: () => status(grpc.status.UNKNOWN, 'test status message', true),
  special_status_message: () => status(grpc.status.UNKNOWN, '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n', false),
  async unimplemented_method() {
    const outcome = await settled((done) => client.UnimplementedCall({}, patience(), done));
    assert.equal(outcome.status.code, grpc.status.UNIMPLEMENTED);
  },
  async unimplemented_service() {
    const other = new testing.UnimplementedService(`unix:${socket}`, grpc.credentials.createInsecure());
    const outcome = await settled((done) => other.UnimplementedCall({}, patience(), done));
    other.close();
    assert.equal(outcome.status.code, grpc.status.UNIMPLEMENTED);
  },
  async custom_metadata() {
    const metadata = new grpc.Metadata();
    metadata.set('x-grpc-test-echo-initial', 'test_initial_metadata_value');
    metadata.set('x-grpc-test-echo-trailing-bin', Buffer.from('ababab', 'hex'));
    const echoed = (outcome) => {
      assert.equal(outcome.status.code, grpc.status.OK, outcome.status.details);
      assert.deepEqual(outcome.initial.get('x-grpc-test-echo-initial'), ['test_initial_metadata_value']);
      assert.deepEqual(outcome.status.metadata.get('x-grpc-test-echo-trailing-bin'), [Buffer.from('ababab', 'hex')]);
    };
    echoed(await settled((done) => client.UnaryCall(large, metadata, patience(), done)));
    const call = client.FullDuplexCall(metadata, patience());
    call.end(ask(314159, 271828));
    const outcome = await drained(call);
    assert.deepEqual(outcome.responses, [314159]);
    echoed(outcome);
  },
};

cases[wanted]().then(() => client.close(), (error) => {
  console.error(`${wanted}: ${error.stack}`);
  process.exit(1);
});
