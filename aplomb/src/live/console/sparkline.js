// A small curve of numbers.

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [96, 22];

/** Makes a curve without numbers. */
export function sparkline() {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("class", "sparkline");
  picture.setAttribute("aria-hidden", "true");
  for (const part of ["area", "line"]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", part);
    picture.append(path);
  }
  return picture;
}

/** Draws the last numbers of a curve, the newest at the right. */
export function draw(picture, numbers, most = 45) {
  const shown = numbers.slice(-most);
  const highest = Math.max(...shown, 1e-9);
  const step = WIDTH / (most - 1);
  const start = WIDTH - step * (shown.length - 1);
  const points = shown.map((number, place) => {
    const y = HEIGHT - 1.5 - (number / highest) * (HEIGHT - 4);
    return `${(start + place * step).toFixed(1)} ${y.toFixed(1)}`;
  });
  const line = shown.length > 1 ? `M${points.join("L")}` : "";
  const area = line && `${line}L${WIDTH} ${HEIGHT}L${start.toFixed(1)} ${HEIGHT}Z`;
  const [below, above] = picture.children;
  below.setAttribute("d", area);
  above.setAttribute("d", line);
}
