package dev.holdfast.app;

/** The forms in which a command prints its result; in lower case, as people type them. */
enum OutputFormat {
    table,
    wide,
    json,
    yaml,
    name
}
