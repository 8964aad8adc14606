/** The twin of ElastiCache. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.elasticache;
