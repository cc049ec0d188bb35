// Bars over weeks that are wider than the screen open where the first of them is: what is seen of weeks before it is empty.
const box = document.querySelector<HTMLElement>(".scroll:has(> .weeks)");
const names = box?.querySelector("tbody > tr > th");
const bars = [...(box?.querySelectorAll(".event") ?? [])];
if (box && names && bars[0] && box.scrollWidth > box.clientWidth) {
  const [from, to] = [names.getBoundingClientRect().right, box.getBoundingClientRect().right];
  const isSeen = (bar: Element): boolean => bar.getBoundingClientRect().left >= from && bar.getBoundingClientRect().left < to;
  if (!bars.some(isSeen)) box.scrollLeft += bars[0].getBoundingClientRect().left - from - 16;
}
export {};
