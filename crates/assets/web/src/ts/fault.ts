// What is wrong in an expression is marked in the control in which it was typed. Where the page is about it the next key
// mends it; else whoever reads what was refused finds it marked on the way there.
for (const control of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-fault]")) {
  const [from, to] = (control.dataset["fault"] ?? "").split(" ").map(Number);
  if (from === undefined || to === undefined) continue;
  if (control.autofocus) control.focus();
  control.setSelectionRange(from, to);
}
export {};
