/** Sends each alert to people once, again while its problem lasts, and once more when it is over. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.alerts;
