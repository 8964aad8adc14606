/** The kinds of Amazon EC2. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.ec2;
