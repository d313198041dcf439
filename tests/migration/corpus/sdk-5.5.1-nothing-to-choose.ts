import { defineConfig } from "@commet/node";

// No amount of it depends on a unit.
export default defineConfig({
  features: { seats: { name: "Seats", type: "seats" } },
  plans: {
    team: {
      name: "Team",
      consumptionModel: "metered",
      prices: [{ interval: "monthly", amount: 0 }],
      features: { seats: { included: 3, overage: { unitPrice: 95_000 } } },
    },
  },
});
