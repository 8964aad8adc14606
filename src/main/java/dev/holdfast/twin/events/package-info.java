/** The twin of EventBridge: buses, rules, and the events that go to queues and to other buses. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.events;
