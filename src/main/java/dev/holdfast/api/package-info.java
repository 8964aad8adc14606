/** REST, metrics, health and the status page. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.api;
