package dev.holdfast.kind;

import software.amazon.awssdk.core.SdkPojo;

/**
 * A configuration that a service accepts only as a whole, and only together with the version that was read.
 *
 * @param version the ETag that the service returned
 */
public record Versioned<P extends SdkPojo>(P configuration, String version) {}
