package dev.holdfast.app;

/** The form in which a command prints what it shows; in lower case, as people type it. */
enum OutputFormat {
    table,
    wide,
    json,
    yaml,
    name
}
