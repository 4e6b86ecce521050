/** The session page: reads what the server embedded, opens the session and mounts the page. */
export {};
