/** Change events from AWS: what they name, and who did it. An event is a hint and a witness, never the truth. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.events;
