package dev.holdfast.twin.wire;

/** In which of AWS's protocols a call speaks. It belongs to the call: CloudWatch is spoken to in three of them. */
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
