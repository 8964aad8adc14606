/** The twin of CloudTrail: trails, and the records of calls that EventBridge receives while a trail logs. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.cloudtrail;
