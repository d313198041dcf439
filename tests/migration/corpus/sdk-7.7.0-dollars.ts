import { defineConfig } from "@commet/node";

// Amounts in dollars, as somebody wrote them by hand; what is undefined is not in the JSON.
const monthly = 4.99;

export default defineConfig({
  features: { sso: { name: "Single sign-on", type: "boolean", description: undefined } },
  plans: {
    hobby: {
      name: 'Hobby: "small"',
      defaultInterval: "monthly",
      prices: [
        { interval: "monthly", amount: monthly },
        { interval: "yearly", amount: 49 },
      ],
      features: { sso: true },
    },
  },
});
