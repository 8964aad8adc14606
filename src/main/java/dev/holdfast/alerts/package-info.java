/** Sends people each alert once, and once more when it is over. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.alerts;
