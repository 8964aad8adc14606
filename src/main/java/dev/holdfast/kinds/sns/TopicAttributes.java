package dev.holdfast.kinds.sns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Absent;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Components;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.wire.Attributes;
import dev.holdfast.kinds.sns.TopicKind.DeliveryStatusLogging;
import dev.holdfast.kinds.sns.TopicKind.Spec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.Topic;

/** Reads and changes the attributes of a topic. */
final class TopicAttributes {
    /** SNS omits these attributes from its answer if they were never set. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "FifoTopic", "false", "TracingConfig", "PassThrough", "SignatureVersion", "1", "DeliveryPolicy", "{}");

    private static final Set<String> OF_FIFO =
            Components.<Spec>namesOf(Spec::contentBasedDeduplication, Spec::fifoThroughputScope);
    private static final String RATE = "SuccessFeedbackSampleRate";
    private static final Set<String> POLICY = Components.<Spec>namesOf(Spec::policy);
    private static final Set<String> KEY = Components.<Spec>namesOf(Spec::kmsMasterKeyId);
    private static final Set<String> OTHERS = Components.<Spec>namesOf(
            Spec::displayName, Spec::deliveryPolicy, Spec::tracingConfig, Spec::signatureVersion);

    private TopicAttributes() {}

    /** The components that attributes describe, by name; null if there is no such topic. */
    static @Nullable Object read(SnsClient sns, Topic topic) {
        Map<String, String> found = Absent.<Optional<Map<String, String>>>or(
                        Optional.empty(),
                        NotFoundException.class,
                        () -> Optional.of(sns.getTopicAttributes(r -> r.topicArn(topic.topicArn()))
                                .attributes()))
                .orElse(null);
        if (found == null) {
            return null;
        }
        Map<String, String> attributes = new HashMap<>(DEFAULTS);
        attributes.putAll(found);
        if (Boolean.parseBoolean(attributes.get("FifoTopic"))) {
            attributes.putIfAbsent("ContentBasedDeduplication", "false");
        } else {
            OF_FIFO.forEach(component -> attributes.remove(Attributes.name(component)));
        }
        Map<String, @Nullable Object> values = Attributes.read(Spec.class, attributes);
        values.put("deliveryStatusLogging", logging(attributes));
        return values;
    }

    /** The attributes of a topic to be created, without those that are empty or have no meaning for it. */
    static Map<String, String> created(Spec spec) {
        Map<String, String> all = new LinkedHashMap<>();
        List.of(POLICY, KEY, OTHERS).forEach(components -> all.putAll(Attributes.of(spec, components)));
        if (Boolean.TRUE.equals(spec.fifoTopic())) {
            all.put("FifoTopic", "true");
            all.putAll(Attributes.of(spec, OF_FIFO));
        }
        all.putAll(logging(spec.deliveryStatusLogging()));
        all.values().removeIf(String::isEmpty);
        return all;
    }

    /** One call for each attribute. The policy and the key, which may restrict access, are sent first. */
    static void change(SnsClient sns, Change<Spec> change) {
        Map<String, String> set = new LinkedHashMap<>();
        for (Set<String> components : List.of(POLICY, KEY, OTHERS, OF_FIFO)) {
            Set<String> changed = new TreeSet<>(components);
            changed.retainAll(change.changed());
            set.putAll(Attributes.of(change.spec(), changed));
        }
        set.computeIfPresent("DeliveryPolicy", (name, desired) -> merged(change));
        if (change.touches(Spec::deliveryStatusLogging)) {
            set.putAll(changedLogging(change));
        }
        set.forEach((name, value) -> sns.setTopicAttributes(
                r -> r.topicArn(change.physicalId()).attributeName(name).attributeValue(value)));
    }

    /** SNS accepts only the whole policy, so that members that no document owns are sent as observed. */
    private static String merged(Change<Spec> change) {
        JsonNode observed = Specs.json(change.observed().spec().deliveryPolicy());
        ObjectNode all = observed instanceof ObjectNode o ? o : (ObjectNode) PolicyDocuments.parse("{}");
        merge(all, Specs.json(change.spec().deliveryPolicy()));
        return Specs.canonicalText(all);
    }

    private static void merge(ObjectNode target, JsonNode source) {
        source.properties().forEach(e -> {
            if (e.getValue() instanceof ObjectNode inner && target.get(e.getKey()) instanceof ObjectNode outer) {
                merge(outer, inner);
            } else {
                target.set(e.getKey(), e.getValue());
            }
        });
    }

    private static Map<String, String> changedLogging(Change<Spec> change) {
        Map<String, String> there = logging(change.observed().spec().deliveryStatusLogging());
        var delta = change.delta(Spec::deliveryStatusLogging);
        Map<String, String> set = new LinkedHashMap<>();
        // An empty text resets the ARN of a role, but is no valid rate.
        logging(delta.removed()).keySet().forEach(name -> set.put(name, name.endsWith(RATE) ? "0" : ""));
        set.putAll(logging(delta.added()));
        set.putAll(logging(delta.altered()));
        set.entrySet().removeIf(e -> e.getValue().equals(there.get(e.getKey())));
        return set;
    }

    /** The names of the attributes begin with the protocol: {@code HTTPSuccessFeedbackRoleArn}. */
    private static Map<String, String> logging(@Nullable List<DeliveryStatusLogging> logging) {
        Map<String, String> all = new LinkedHashMap<>();
        for (DeliveryStatusLogging one : logging == null ? List.<DeliveryStatusLogging>of() : logging) {
            Attributes.of(one, DeliveryStatusLogging.ROLES)
                    .forEach((name, value) -> all.put(one.protocol() + name, value));
        }
        return all;
    }

    private static List<DeliveryStatusLogging> logging(Map<String, String> attributes) {
        List<DeliveryStatusLogging> all = new ArrayList<>();
        for (String protocol : List.of("Application", "HTTP", "Lambda", "SQS", "Firehose")) {
            String success = attributes.get(protocol + "SuccessFeedbackRoleArn");
            String failure = attributes.get(protocol + "FailureFeedbackRoleArn");
            if (success != null || failure != null) {
                String rate = attributes.get(protocol + RATE);
                all.add(new DeliveryStatusLogging(
                        protocol,
                        Objects.requireNonNullElse(success, ""),
                        rate == null ? null : Integer.valueOf(rate),
                        Objects.requireNonNullElse(failure, "")));
            }
        }
        return all;
    }
}
