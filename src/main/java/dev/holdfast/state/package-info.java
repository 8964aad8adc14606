/**
 * The operator's state: records of resources, passes, approvals, pauses, the lease. The state is never the only source
 * of an identity.
 */
@org.jspecify.annotations.NullMarked
package dev.holdfast.state;
