/** The twin of WAF. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.waf;
