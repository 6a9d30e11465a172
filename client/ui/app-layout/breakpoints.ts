// The widths at which the layout changes (CSS pixels). app-layout.module.css writes them out: media queries know no variables.

/** One pane at a time. */
export const ONE_PANE = '(max-width: 600px)';

/** The details lie over the main pane. */
export const DETAILS_FLOAT = '(max-width: 924.98px)';

/** Room for all three for good: the details may stay open when something else is opened. */
export const DETAILS_STAY = '(min-width: 1275px)';
