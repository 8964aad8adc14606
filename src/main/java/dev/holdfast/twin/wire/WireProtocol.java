package dev.holdfast.twin.wire;

/** The protocol of one call. A service has no fixed protocol: CloudWatch accepts three. */
public enum WireProtocol {
    EC2,
    QUERY,
    JSON,
    REST_JSON,
    REST_XML,
    /** Smithy RPC v2 over CBOR. */
    CBOR;

    boolean isRest() {
        return this == REST_JSON || this == REST_XML;
    }
}
