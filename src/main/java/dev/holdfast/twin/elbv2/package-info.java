/** The twin of Elastic Load Balancing. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.elbv2;
