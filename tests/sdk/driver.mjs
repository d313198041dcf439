// Drives an official SDK for Node from standard input, by the protocol of driver.py, of which it has `connect` and `call`.
//
// The SDKs have no setting for the address, so `fetch` maps Commet's to the emulator's, and refuses every other.

import { createInterface } from "node:readline";

const COMMET = "https://commet.co/";
const request = globalThis.fetch;
let target, client, version;

globalThis.fetch = (url, init) => {
  if (!String(url).startsWith(COMMET)) throw new Error(`refused to call ${url}`);
  version = new Headers(init.headers).get("commet-version");
  return request(String(url).replace(COMMET, `${target}/`), init);
};

const { Commet } = await import(process.argv[2]);

const actions = {
  connect({ url, key }) {
    target = url;
    client = new Commet({ apiKey: key, retries: 0, telemetry: false });
    return {};
  },
  async call({ resource, method, kwargs }) {
    try {
      return { result: (await client[resource][method](kwargs)).data, violations: [], version };
    } catch (error) {
      const { code = null, statusCode = null, message } = error;
      return { error: { class: error.constructor.name, code, status: statusCode, message }, version };
    }
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [[action, values]] = Object.entries(JSON.parse(line));
  console.log(JSON.stringify(await actions[action](values)));
}
