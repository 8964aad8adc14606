/** What the operator keeps: records of resources, passes, approvals, pauses, the lease. Never the only identity. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.state;
