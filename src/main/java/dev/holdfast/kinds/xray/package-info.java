/** The kinds of AWS X-Ray. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.xray;
