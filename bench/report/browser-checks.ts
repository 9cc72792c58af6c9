/**
 * Questions to an open page, as text: they run in the browser, whose types are not those of the
 * runtimes.
 */

/** Elements that stick out of the page, or out of what holds them unless that scrolls. */
export const overflows: string = String.raw`(() => {
  const found = [];
  const { scrollWidth } = document.scrollingElement;
  if (scrollWidth > innerWidth) found.push("the page: " + scrollWidth + " of " + innerWidth);
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("svg") && element.tagName !== "svg") continue;
    const scroller = element.parentElement.closest(".scroll");
    if (scroller && getComputedStyle(scroller).overflowX === "auto") continue;
    const box = element.getBoundingClientRect();
    const holder = element.parentElement.getBoundingClientRect();
    const out = Math.max(box.right - Math.min(holder.right, innerWidth), holder.left - box.left);
    const isInline = getComputedStyle(element).display === "inline";
    if (box.width > 0 && out > 1 && !isInline) {
      found.push(element.tagName + "." + element.className + " by " + out + ": " +
        element.textContent.slice(0, 40));
    }
  }
  return found;
})()`;

/** Opens all that is folded. */
export const unfold: string =
  `document.querySelectorAll("details").forEach((one) => { one.open = true; })`;

/** Tables that are wider than their place. */
export const scrolled: string = String
  .raw`[...document.querySelectorAll(".scroll")].filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => one.getAttribute("aria-label") + ": " + one.scrollWidth + " of " + one.clientWidth)`;

export interface Contrast {
  readonly checked: number;
  readonly faults: readonly string[];
}

/** Texts whose contrast with what lies under them is below 4.5 to 1. */
export const contrastFaults: string = String.raw`(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((one) => {
      const share = one / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const fillOf = (element) => {
    const style = getComputedStyle(element);
    const isShape = ["rect", "path", "circle"].includes(element.tagName);
    return isShape ? style.fill : element.closest("svg") === null ? style.backgroundColor : "none";
  };
  const ground = (x, y, text) => {
    for (const element of document.elementsFromPoint(x, y)) {
      if (element === text) continue;
      const color = fillOf(element);
      if (color !== "none" && rgba(color)[3] === 255) return rgba(color);
    }
    return rgba(getComputedStyle(document.body).backgroundColor);
  };
  const faults = [];
  let checked = 0;
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].find((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (own === undefined || ["title", "desc", "STYLE"].includes(element.tagName)) continue;
    element.scrollIntoView({ block: "center" });
    const range = document.createRange();
    range.selectNodeContents(own);
    const { left, top, width, height } = range.getClientRects()[0];
    const style = getComputedStyle(element);
    const color = element.closest("svg") ? style.fill : style.color;
    const [x, y] = [left + Math.min(width, 300) / 2, top + height / 2];
    const [a, b] = [rgba(color), ground(x, y, element)].map(luminance).sort((a, b) => b - a);
    const contrast = (a + 0.05) / (b + 0.05);
    checked++;
    if (contrast < 4.5) faults.push(contrast.toFixed(2) + ": " + element.textContent.slice(0, 60));
  }
  return { checked, faults };
})()`;

export interface Charts {
  readonly charts: number;
  readonly faults: readonly string[];
}

/** Charts without a mark or a name, and marks or texts that are cut off. */
export const chartFaults: string = String.raw`(() => {
  const charts = [...document.querySelectorAll("figure > svg[role=img]")];
  const faults = charts.flatMap((chart) => {
    const title = chart.querySelector("title")?.textContent ?? "";
    const marks = [...chart.querySelectorAll("[aria-label=dot] *, [aria-label=bar] *, [aria-label=line] *")];
    const cut = [...chart.querySelectorAll("text")].filter((text) => {
      const [box, frame] = [text, chart].map((one) => one.getBoundingClientRect());
      return box.width > 0 &&
        (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 ||
          box.bottom > frame.bottom + 1);
    });
    return [
      ...(title === "" ? ["a chart without a name"] : []),
      ...(marks.some((mark) => mark.getBoundingClientRect().width > 0) ? [] : [title + ": no mark"]),
      ...cut.map((text) => title + ": " + text.textContent + " is cut off"),
    ];
  });
  return { charts: charts.length, faults };
})()`;
