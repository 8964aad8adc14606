/** AWS's wire protocols, read and written through the descriptions of members in the SDK's generated classes. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.wire;
