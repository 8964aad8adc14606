/**
 * Change events from AWS: the resources that they name, and the authors of the changes. An event is a hint and a
 * witness, never the truth.
 */
@org.jspecify.annotations.NullMarked
package dev.holdfast.events;
