/** The twin of EventBridge: buses, rules, and the delivery of events to queues and other buses. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.events;
