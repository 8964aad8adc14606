package dev.holdfast.twin.store;

import java.util.Map;

/**
 * One resource that exists in a twin.
 *
 * @param type as the tagging API writes it: {@code ec2:vpc}
 * @param detail its state as a text, which is the same for the same state
 * @param region where it lives, empty if in none
 */
public record TwinItem(String type, String id, String arn, Map<String, String> tags, String detail, String region) {
    /** Lives in the region that its ARN says. */
    public TwinItem(String type, String id, String arn, Map<String, String> tags, String detail) {
        this(type, id, arn, tags, detail, regionOf(arn));
    }

    private static String regionOf(String arn) {
        String[] parts = arn.split(":", 6);
        return parts.length == 6 ? parts[3] : "";
    }
}
