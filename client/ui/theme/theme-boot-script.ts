import { THEME_STORAGE_KEY } from './theme-choice.ts';

/**
 * Sets `data-theme` before the first paint, so that a dark app never flashes white. For the head of index.html, inline and before the style
 * sheet, as `<script>…</script>`; a content security policy allows it by the SHA-256 of exactly this text. It stands alone: no imports, no
 * names left behind.
 */
export const THEME_BOOT_SCRIPT = `(function(d){var t;try{t=localStorage.getItem(${JSON.stringify(THEME_STORAGE_KEY)})}catch(e){}d.dataset.theme=t==='light'||t==='dark'?t:'system'})(document.documentElement)`;
