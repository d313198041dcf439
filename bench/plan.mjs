// The least that a plan is: reads features and plans with the official SDK, and compares names and prices with a catalog.
// Usage: node plan.mjs SDK URL CATALOG.json

import { readFileSync } from "node:fs";

const [sdk, url, file] = process.argv.slice(2);
const { Commet } = await import(sdk);
const request = globalThis.fetch;
// The SDK has no setting for the address.
globalThis.fetch = (asked, init) => request(String(asked).replace("https://commet.co", url), init);

const client = new Commet({ apiKey: "ck_sandbox_bench", retries: 0, telemetry: false });
const [features, plans] = await Promise.all([client.features.list(), client.plans.list({ includePrivate: true })]);
const wanted = JSON.parse(readFileSync(file, "utf-8"));

let differences = 0;
const compare = (found, expected) => (differences += found === expected ? 0 : 1);

const featureOf = new Map(features.data.map((feature) => [feature.code, feature]));
for (const [code, feature] of Object.entries(wanted.features)) compare(featureOf.get(code)?.name, feature.name);

const planOf = new Map(plans.data.map((plan) => [plan.code, plan]));
for (const [code, plan] of Object.entries(wanted.plans)) {
  const found = planOf.get(code);
  compare(found?.name, plan.name);
  for (const [interval, { price }] of Object.entries(plan.prices)) {
    // Prices of this version are in ten-thousandths of a dollar.
    const same = found?.prices.find((other) => other.billingInterval === interval);
    compare(same?.price, Math.round(price * 10_000));
  }
}
console.log(`plans: ${planOf.size}, differences: ${differences}`);
