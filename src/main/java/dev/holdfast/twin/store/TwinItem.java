package dev.holdfast.twin.store;

import java.util.Map;

/**
 * One resource that exists in a twin.
 *
 * @param type the type in the format of the tagging API: {@code ec2:vpc}
 * @param detail the state as a text; equal states have equal texts
 * @param region the region of the resource; empty if it has none
 */
public record TwinItem(String type, String id, String arn, Map<String, String> tags, String detail, String region) {
    /** Takes the region from the ARN. */
    public TwinItem(String type, String id, String arn, Map<String, String> tags, String detail) {
        this(type, id, arn, tags, detail, regionOf(arn));
    }

    private static String regionOf(String arn) {
        String[] parts = arn.split(":", 6);
        return parts.length == 6 ? parts[3] : "";
    }
}
