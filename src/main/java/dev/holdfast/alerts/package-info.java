/** Who is told, once, and told again when it is over. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.alerts;
