package dev.holdfast.engine;

import dev.holdfast.aws.SdkShapes;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** The tags of hand-made objects, in the form that each service requires. */
record MadeTags(Map<String, String> all) {
    <T, B extends SdkPojo & SdkBuilder<B, T>> List<T> as(Supplier<B> tag) {
        return SdkShapes.pairs(all, tag);
    }

    TagSpecification ec2(ResourceType type) {
        return TagSpecification.builder()
                .resourceType(type)
                .tags(as(Tag::builder))
                .build();
    }

    List<software.amazon.awssdk.services.secretsmanager.model.Tag> secrets() {
        return as(software.amazon.awssdk.services.secretsmanager.model.Tag::builder);
    }

    List<software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag> elb() {
        return as(software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag::builder);
    }
}
