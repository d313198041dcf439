"use strict";
(() => {
  const controls = document.getElementById("controls");
  const status = document.getElementById("status");
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const chosen = (name) => controls.querySelector(`input[name="${name}"]:checked`)?.value ?? "all";
  const words = (text) => (text ? text.split(" ") : []);
  // What is off is not shown on a screen; on paper everything is.
  const show = (element, yes) => element.classList.toggle("off", !yes);

  const sees = (element, currency) => {
    const own = element.dataset.currency;
    const lacks = words(element.closest("[data-lacks]").dataset.lacks);
    return currency === "all" || own === currency || (own === "usd" && lacks.includes(currency));
  };

  const said = (name) => controls.querySelector(`input[name="${name}"]:checked + span`)?.textContent;

  const update = () => {
    const interval = chosen("interval");
    const currency = chosen("currency");
    const view = chosen("view");
    const only = controls.querySelector('input[name="changed"]')?.checked ?? false;
    each("[data-interval]", (item) => show(item, interval === "all" || item.dataset.interval === interval));
    each("[data-intervals]", (note) => {
      note.hidden = interval === "all" || words(note.dataset.intervals).includes(interval);
    });
    each("[data-currency]", (item) => show(item, sees(item, currency)));
    each("[data-lacks-note]", (note) => {
      show(note, currency === "all" || words(note.dataset.lacksNote).includes(currency));
    });
    each("[data-side]", (side) => show(side, !["before", "after"].includes(view) || side.dataset.side === view));
    document.body.dataset.currencies = currency === "all" ? "all" : "one";
    each(".compared > .plan", (plan) => show(plan, !only || "changed" in plan.dataset));
    each(".plans", (group) => show(group, group.querySelector(".plan:not(.off)") !== null));
    const parts = [];
    if (said("view")) parts.push(said("view").toLowerCase());
    if (said("interval")) parts.push(interval === "all" ? "all intervals" : said("interval"));
    if (said("currency")) parts.push(currency === "all" ? "all currencies" : said("currency"));
    const count = document.querySelectorAll(".plan:not(.off)").length;
    parts.push(`${count} ${only ? "changed " : ""}${count === 1 ? "plan" : "plans"}`);
    status.textContent = `Shown: ${parts.join(", ")}.`;
  };

  if (controls.querySelector("input")) {
    controls.hidden = false;
    controls.addEventListener("change", update);
    // A browser that comes back to a page keeps what was chosen.
    window.addEventListener("pageshow", update);
    update();
  }
})();
