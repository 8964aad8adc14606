/** The operator's state: records of resources, passes, approvals, pauses, the lease. Never the only source of an identity. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.state;
