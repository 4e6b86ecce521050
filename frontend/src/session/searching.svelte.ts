/** Whether the search of the transcript is open; buttons and keys elsewhere open it. */
export const searching = $state({ open: false });
