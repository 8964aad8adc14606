package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.ReservedTags;
import dev.holdfast.twin.TwinTags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;

/** The tags of load balancers, target groups, listeners and rules, by ARN. */
final class ElbTags {
    private static final int MOST = 50;

    private final Map<String, Map<String, String>> byArn = new LinkedHashMap<>();

    /** Sets the tags of something new. */
    void begin(String arn, List<Tag> tags) {
        byArn.put(arn, new TreeMap<>());
        put(arn, tags);
    }

    void put(String arn, List<Tag> tags) {
        Map<String, String> mine = new TreeMap<>(of(arn));
        for (Tag tag : tags) {
            if (tag.key() == null || tag.key().isEmpty() || ReservedTags.refuses(tag.key())) {
                throw ElbErrors.invalid("Tag key '" + tag.key() + "' is not allowed");
            }
            mine.put(tag.key(), tag.value() == null ? "" : tag.value());
        }
        if (mine.size() > MOST) {
            throw ElbErrors.refused("TooManyTags", "The maximum number of tags per resource is " + MOST);
        }
        byArn.put(arn, mine);
    }

    void remove(String arn, List<String> keys) {
        Map<String, String> mine = new TreeMap<>(of(arn));
        keys.forEach(mine::remove);
        byArn.put(arn, mine);
    }

    void end(String arn) {
        byArn.remove(arn);
    }

    Map<String, String> of(String arn) {
        return byArn.getOrDefault(arn, Map.of());
    }

    TagDescription describe(String arn) {
        return TagDescription.builder()
                .resourceArn(arn)
                .tags(TwinTags.list(
                        of(arn), (k, v) -> Tag.builder().key(k).value(v).build()))
                .build();
    }

    /** Whether a second create brings the tags of the first. */
    boolean same(String arn, List<Tag> tags) {
        Map<String, String> asked = new TreeMap<>();
        tags.forEach(t -> asked.put(t.key(), t.value()));
        return asked.equals(of(arn));
    }
}
