import { defineConfig } from "@commet/node";

// Every key that the type has, with amounts in rate scale, as the type says.
export default defineConfig({
  features: {
    api_calls: { name: "API calls", type: "usage", unitName: "call", description: "Requests to the public API" },
    seats: { name: "Seats", type: "seats", unitName: "seat" },
    sso: { name: "Single sign-on", type: "boolean", description: "SAML and OIDC" },
    exports: { name: "Exports", type: "usage" },
  },
  plans: {
    free: {
      name: "Free",
      isFree: true,
      consumptionModel: "metered",
      sortOrder: 0,
      prices: [],
      features: { sso: false, api_calls: { included: 100 } },
    },
    pro: {
      name: "Pro",
      description: "For growing teams",
      consumptionModel: "metered",
      defaultInterval: "yearly",
      isPublic: true,
      sortOrder: 1,
      prices: [
        { interval: "monthly", amount: 490_000, trialDays: 14 },
        { interval: "quarterly", amount: 1_350_000 },
        { interval: "yearly", amount: 4_900_000 },
      ],
      features: {
        sso: true,
        seats: { included: 5, overage: { unitPrice: 120_000 } },
        api_calls: { included: 10_000, overage: { unitPrice: 20 } },
        exports: { unlimited: true },
      },
    },
    founder: {
      name: "Founder",
      isPublic: false,
      prices: [{ interval: "one_time", amount: 9_999_900 }],
      features: { sso: true },
    },
  },
});
