/** The kinds of ElastiCache. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.elasticache;
