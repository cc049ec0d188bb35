// Inside the frame: tells the page around it how high the form is. A height is no secret, so anybody may hear it.
{
  const tell = () => parent.postMessage({ plenary: document.documentElement.offsetHeight }, "*");
  // Where the visitor of that page came from: kept with what is filled in, where the form has a place for it.
  addEventListener("message", ({ source, data }: MessageEvent<{ plenary?: unknown; landing?: unknown; referrer?: unknown } | null>) => {
    if (source !== parent) return;
    if (data?.plenary === "?") tell();
    for (const [name, value] of [["landing_page", data?.landing], ["referrer", data?.referrer]] as const) {
      const control = document.querySelector<HTMLInputElement>(`input[type=hidden][name=${name}]`);
      if (control && typeof value === "string") control.value = value.slice(0, 1000);
    }
  });
  if (parent !== window) new ResizeObserver(tell).observe(document.documentElement);
}
