package dev.holdfast.composites;

import com.fasterxml.jackson.annotation.JsonValue;

/** Subnets with the same purpose, one in each zone. */
public enum Tier {
    /** For load balancers and NAT gateways; connected to the internet in both directions. */
    PUBLIC("public"),
    /** For tasks; they reach the internet through NAT. */
    PRIVATE("private"),
    /** For data stores; no route to the internet. */
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
