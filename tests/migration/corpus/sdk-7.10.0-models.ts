import { defineConfig } from "@commet/node";

// Plans whose models need more than the configuration can say; amounts in minor units, as pulling one writes them.
export default defineConfig({
  features: {
    images: { name: "Images", type: "usage", unitName: "image" },
    tokens: { name: "Tokens", type: "usage", unitName: "token" },
  },
  plans: {
    creator: {
      name: "Creator",
      consumptionModel: "credits",
      defaultInterval: "monthly",
      prices: [{ interval: "monthly", amount: 2000 }],
      features: { images: {} },
    },
    purse: {
      name: "Purse",
      consumptionModel: "balance",
      prices: [
        { interval: "weekly", amount: 700 },
        { interval: "monthly", amount: 2500, trialDays: 0 },
      ],
      features: { tokens: { included: 0, unlimited: false, overage: { unitPrice: 3 } } },
    },
  },
});
