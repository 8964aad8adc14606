/** The twin of CloudTrail: trails, and the records of calls that EventBridge gets while one logs. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.cloudtrail;
