/** Maps a spec record to and from the SDK's shapes by the names of their members. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kind.wire;
