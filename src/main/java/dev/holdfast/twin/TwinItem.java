package dev.holdfast.twin;

import java.util.Map;

/**
 * One thing that exists in a twin.
 *
 * @param type as the tagging API writes it: {@code ec2:vpc}
 * @param detail all that AWS would say of it, in a form whose text is the same for the same state
 */
public record TwinItem(String type, String id, String arn, Map<String, String> tags, String detail) {}
