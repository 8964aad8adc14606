/** AWS's wire protocols, read and written from what the SDK's generated classes know of their own members. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.wire;
