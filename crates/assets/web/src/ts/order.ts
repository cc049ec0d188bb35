// Sections of one's own menu are dragged to their places; the form does the same by its buttons.
import { carry } from "./drag";

carry({
  thing: ".order > li",
  place: ".order > li",
  drop: (thing, place) => {
    const form = thing.closest("form");
    const [carried, to] = ["carried", "to"].map((name) => form?.querySelector<HTMLInputElement>(`input[name=${name}]`));
    if (!form || !carried || !to || thing === place) return;
    carried.value = thing.dataset["name"] ?? "";
    to.value = place.dataset["name"] ?? "";
    form.requestSubmit();
  },
});
