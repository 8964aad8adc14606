/** The twin of EC2. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.ec2;
