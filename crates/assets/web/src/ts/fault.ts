// What is wrong in a filter is marked in the control in which it was typed, so that the next key mends it.
const control = document.querySelector<HTMLTextAreaElement>("textarea[data-fault]");
const [from, to] = (control?.dataset["fault"] ?? "").split(" ").map(Number);
if (control && from !== undefined && to !== undefined) {
  control.focus();
  control.setSelectionRange(from, to);
}
export {};
