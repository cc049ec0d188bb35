// A name for programs is suggested from what people call a thing, in Latin letters, until somebody writes one of their own.
const LATIN: Record<string, string> = {
  а: "a", б: "b", в: "v", г: "g", д: "d", е: "e", ё: "e", ж: "zh", з: "z", и: "i", й: "y", к: "k", л: "l", м: "m", н: "n", о: "o",
  п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh", ц: "ts", ч: "ch", ш: "sh", щ: "shch", ъ: "", ы: "y", ь: "", э: "e",
  ю: "yu", я: "ya",
};
const LONGEST = 48;

/** A label as a name for programs; empty where nothing of it can be one. */
function named(label: string): string {
  const latin = [...label.toLowerCase()].map((letter) => LATIN[letter] ?? letter).join("");
  const words = latin.normalize("NFD").replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "_");
  return words.replace(/^[_0-9]+/, "").slice(0, LONGEST).replace(/_+$/, "");
}

/** What was suggested last in a control: as long as it stands there, it is ours to change. */
const suggested = new WeakMap<HTMLInputElement, string>();

document.addEventListener("input", (event) => {
  const label = event.target;
  if (!(label instanceof HTMLInputElement) || !/^label_(ru|en)$/.test(label.name)) return;
  const form = label.form;
  const name = form?.querySelector<HTMLInputElement>("input#name[name=name][pattern]");
  if (!form || !name || name.value !== (suggested.get(name) ?? "")) return;
  const text = (of: string): string => form.querySelector<HTMLInputElement>(`[name=${of}]`)?.value ?? "";
  name.value = named(text("label_en") || text("label_ru"));
  suggested.set(name, name.value);
  name.dispatchEvent(new Event("input", { bubbles: true }));
});
