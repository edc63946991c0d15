import { connect } from '../../../src/index.js';
import { inProcessWires } from '../../../src/in-process/index.js';
import { SERVER_LIMITS } from '../../../src/testing/conformance/start-conformance-server.js';
import { conformanceContract, startConformanceServer } from '../../../src/testing/index.js';

describe('startConformanceServer', () => {
  it('serves the contract of the suite at the far end of a wire, within small limits', async () => {
    const [clientWire, serverWire] = inProcessWires();
    const server = startConformanceServer(serverWire);
    const client = connect(clientWire, conformanceContract);
    expect(await client.call('echo', 'x')).toBe('x');
    const held = Array.from({ length: 40 }, (_, n) =>
      client.call('hold', { key: `${n}`, scope: 's' }).catch(() => 'refused'),
    );
    await client.call('release', '*');
    const refused = (await Promise.all(held)).filter((answer) => answer === 'refused');
    expect(refused).toHaveLength(40 - SERVER_LIMITS.requests - 1);
    client.shutdown();
    expect(server.stats().connections).toBe(0);
  });
});
