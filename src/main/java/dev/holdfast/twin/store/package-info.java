@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.store;
