/** data-mapping: the unit of a column's numbers is asked for only where its field is one that has a unit. */
import { on } from "./page.js";

export function start() {
  on("change", "[data-mapping-field]", (field) => {
    const unit = field.closest("[data-mapping-row]").querySelector("[data-mapping-unit]");
    if (unit) unit.hidden = !("scales" in field.selectedOptions[0].dataset);
  });
  on("change", "[data-mapping-row] select", (select) => {
    select.closest("[data-mapping-row]").querySelector("[data-mapping-small]")?.remove();
  });
}
