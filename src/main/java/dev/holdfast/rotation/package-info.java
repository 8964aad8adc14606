/** The function that Secrets Manager calls to rotate the password of a database's user. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.rotation;
