// A list lies under its control, or over it where there is more room.

/** Puts a list that is fixed in the window beside the box of its control. */
export function placeUnder(list: HTMLElement, box: DOMRect, least = 280): void {
  const height = visualViewport?.height ?? innerHeight;
  const room = document.documentElement.clientWidth;
  const width = Math.min(Math.max(box.width, least), room - 16);
  const isOver = height - box.bottom < 220 && box.top > height - box.bottom;
  const { style } = list;
  style.width = `${width}px`;
  style.left = `${Math.max(8, Math.min(box.left, room - width - 8))}px`;
  style.top = isOver ? "auto" : `${box.bottom + 4}px`;
  style.bottom = isOver ? `${innerHeight - box.top + 4}px` : "auto";
  style.maxHeight = `${Math.max(120, (isOver ? box.top : height - box.bottom) - 12)}px`;
}
