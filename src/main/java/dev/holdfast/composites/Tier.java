package dev.holdfast.composites;

import com.fasterxml.jackson.annotation.JsonValue;

/** Subnets of one purpose, one in each zone. */
public enum Tier {
    /** Load balancers and NAT gateways; to and from the internet. */
    PUBLIC("public"),
    /** Tasks; out through NAT. */
    PRIVATE("private"),
    /** Data stores; no way out. */
    ISOLATED("isolated");
    private final String wire;

    Tier(String wire) {
        this.wire = wire;
    }

    @JsonValue
    @Override
    public String toString() {
        return wire;
    }
}
