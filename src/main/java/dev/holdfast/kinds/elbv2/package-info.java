/** The kinds of Elastic Load Balancing v2. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.elbv2;
