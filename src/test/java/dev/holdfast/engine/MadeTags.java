package dev.holdfast.engine;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** The tags of hand-made objects, in the form that each service requires. */
record MadeTags(Map<String, String> all) {
    <T> List<T> as(BiFunction<String, String, T> tag) {
        return all.entrySet().stream()
                .map(e -> tag.apply(e.getKey(), e.getValue()))
                .toList();
    }

    TagSpecification ec2(ResourceType type) {
        return TagSpecification.builder()
                .resourceType(type)
                .tags(as((k, v) -> Tag.builder().key(k).value(v).build()))
                .build();
    }

    List<software.amazon.awssdk.services.secretsmanager.model.Tag> secrets() {
        return as((k, v) -> software.amazon.awssdk.services.secretsmanager.model.Tag.builder()
                .key(k)
                .value(v)
                .build());
    }

    List<software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag> elb() {
        return as((k, v) -> software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag.builder()
                .key(k)
                .value(v)
                .build());
    }
}
