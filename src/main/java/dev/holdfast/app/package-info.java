/** Commands, configuration, wiring. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.app;
