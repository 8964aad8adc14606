/** The kinds of AWS Secrets Manager. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.secretsmanager;
