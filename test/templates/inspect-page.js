/** Everything that a reader could stumble over, as the browser lays it out. */
(() => {
  const luminance = (colour) => {
    const [r = 0, g = 0, b = 0] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const numbers = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r = 0, g = 0, b = 0, alpha = 1] = numbers(getComputedStyle(at).backgroundColor);
      if (alpha > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const faint = [];
  const cut = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim();
    if (!element || !text || element.offsetParent === null || getComputedStyle(element).fontSize === '1px')
      continue;
    const [a, b] = [luminance(numbers(getComputedStyle(element).color)), luminance(background(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${text}`);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.left < 0 || box.right > innerWidth) cut.push(text);
  }
  const button = [...document.querySelectorAll('a')].find(
    (link) => getComputedStyle(link).display === 'inline-block',
  );
  return {
    faint,
    cut,
    overflow: document.documentElement.scrollWidth - innerWidth,
    page: background(document.body.firstElementChild),
    buttonHeight: button?.closest('td')?.getBoundingClientRect().height,
    pictures: [...document.images].map((image) => ({
      width: image.getBoundingClientRect().width,
      alt: image.alt,
      loaded: image.naturalWidth > 0,
    })),
    dataTables: [...document.querySelectorAll('table')].filter(
      (table) => table.getAttribute('role') !== 'presentation',
    ).length,
    language: document.documentElement.lang,
    headings: [...document.querySelectorAll('h1')].length,
  };
})();
