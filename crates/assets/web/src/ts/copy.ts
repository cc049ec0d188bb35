// Buttons that copy what stands in a field; without script they are not there, and the field can be selected by hand.
function show(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copies]")) button.hidden = false;
}
show();
document.addEventListener("htmx:after:swap", show);

document.addEventListener("click", async (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-copies]");
  const field = button && document.getElementById(button.dataset.copies ?? "");
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.select();
  // Without a secure connection there is no clipboard to write to; what is selected is copied the old way.
  const copied = navigator.clipboard ? await navigator.clipboard.writeText(field.value).then(() => true, () => false) : document.execCommand("copy");
  if (copied && button) button.lastChild!.textContent = button.dataset.copied ?? "";
});
