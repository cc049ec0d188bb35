// For pages of other sites: makes the frame with a form as high as the form, and tells it where the visitor came from. A classic script, so that two lines of
// HTML are all a site needs; the form works without it.
{
  const source = (document.currentScript as HTMLScriptElement | null)?.src;
  const origin = source ? new URL(source).origin : "";
  addEventListener("message", ({ origin: from, source: sender, data }: MessageEvent<{ plenary?: unknown } | null>) => {
    if (from !== origin || typeof data?.plenary !== "number" || !(data.plenary > 0)) return;
    const height = Math.min(Math.ceil(data.plenary), 20_000);
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow !== sender) continue;
      frame.style.height = `${height}px`;
      frame.contentWindow?.postMessage({ landing: location.href, referrer: document.referrer }, origin);
    }
  });
  // A frame that was there before this script has told nobody: it is asked once more.
  for (const frame of document.querySelectorAll("iframe")) if (origin && frame.src.startsWith(`${origin}/`)) frame.contentWindow?.postMessage({ plenary: "?" }, "*");
}
