/**
 * Draws the app's icons from client/public/icons/icon.svg with a Chromium: `npx tsx scripts/draw-icons.ts`. The results are in
 * the repository, so this is needed only after the drawing changed. CHROMIUM names the browser (default /usr/bin/chromium).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';

const folder = new URL('../client/public/icons/', import.meta.url);
const drawing = await readFile(new URL('icon.svg', folder), 'utf8');
/** For places that cut a shape of their own: colour to the edges, and the bubble within the inner 80 % that is always shown. */
const bleeding = drawing
  .replace(/ rx="\d+"/, '')
  .replace('viewBox="0 0 512 512"', 'viewBox="-50 -50 612 612"')
  .replace('<rect', '<rect x="-50" y="-50"')
  .replace('width="512" height="512"', 'width="612" height="612"');

const icons = [
  { file: 'icon-192.png', size: 192, svg: drawing },
  { file: 'icon-512.png', size: 512, svg: drawing },
  { file: 'icon-maskable-512.png', size: 512, svg: bleeding },
  { file: 'apple-touch-icon.png', size: 180, svg: bleeding },
] as const;

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  for (const { file, size, svg } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    await writeFile(new URL(file, folder), await page.screenshot({ omitBackground: true }));
    await page.close();
    console.log(`${file} (${size} px)`);
  }
} finally {
  await browser.close();
}
