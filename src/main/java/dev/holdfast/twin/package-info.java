/** An AWS account in memory, behind AWS's own wire protocols: for the demo, the tests and fault simulation. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin;
