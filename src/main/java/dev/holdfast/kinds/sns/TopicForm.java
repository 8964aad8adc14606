package dev.holdfast.kinds.sns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Specs;
import dev.holdfast.kinds.sns.TopicKind.DeliveryStatusLogging;
import dev.holdfast.kinds.sns.TopicKind.FifoThroughputScope;
import dev.holdfast.kinds.sns.TopicKind.LoggedProtocol;
import dev.holdfast.kinds.sns.TopicKind.Spec;
import dev.holdfast.kinds.sns.TopicKind.TracingConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Between a topic's spec and its attributes, which SNS has as texts by name. */
final class TopicForm {
    private static final String FIFO = "FifoTopic";

    private TopicForm() {}

    /** Everything that CreateTopic takes as an attribute; what is as SNS has it by itself is left out. */
    static Map<String, String> forCreate(Spec spec) {
        Map<String, String> all = new LinkedHashMap<>();
        if (Boolean.TRUE.equals(spec.fifoTopic())) {
            all.put(FIFO, "true");
        }
        put(all, "DisplayName", spec.displayName());
        put(all, "KmsMasterKeyId", spec.kmsMasterKeyId());
        put(all, "Policy", PolicyDocuments.text(spec.policy()));
        put(all, "DeliveryPolicy", text(spec.deliveryPolicy()));
        put(all, "TracingConfig", spec.tracingConfig());
        put(all, "SignatureVersion", spec.signatureVersion());
        if (Boolean.TRUE.equals(spec.fifoTopic())) {
            put(all, "ContentBasedDeduplication", spec.contentBasedDeduplication());
            put(all, "FifoThroughputScope", spec.fifoThroughputScope());
        }
        for (DeliveryStatusLogging logging : orEmpty(spec.deliveryStatusLogging())) {
            all.putAll(logging(logging));
        }
        all.values().removeIf(String::isEmpty);
        return all;
    }

    private static void put(Map<String, String> all, String name, @Nullable Object value) {
        if (value != null) {
            all.put(name, value.toString());
        }
    }

    private static @Nullable String text(@Nullable DeliveryPolicy policy) {
        return policy == null ? null : Specs.canonicalText(Specs.json(policy));
    }

    /** The attributes to be set; the policy, which may be the tighter one, comes first. */
    static Map<String, String> forUpdate(Change<Spec> change) {
        Spec spec = change.spec();
        Map<String, String> set = new LinkedHashMap<>();
        if (change.touches(Spec::policy)) {
            put(set, "Policy", PolicyDocuments.text(spec.policy()));
        }
        if (change.touches(Spec::kmsMasterKeyId)) {
            put(set, "KmsMasterKeyId", spec.kmsMasterKeyId());
        }
        if (change.touches(Spec::displayName)) {
            put(set, "DisplayName", spec.displayName());
        }
        if (change.touches(Spec::deliveryPolicy)) {
            put(set, "DeliveryPolicy", merged(change));
        }
        if (change.touches(Spec::tracingConfig)) {
            put(set, "TracingConfig", spec.tracingConfig());
        }
        if (change.touches(Spec::signatureVersion)) {
            put(set, "SignatureVersion", spec.signatureVersion());
        }
        if (change.touches(Spec::contentBasedDeduplication)) {
            put(set, "ContentBasedDeduplication", spec.contentBasedDeduplication());
        }
        if (change.touches(Spec::fifoThroughputScope)) {
            put(set, "FifoThroughputScope", spec.fifoThroughputScope());
        }
        if (change.touches(Spec::deliveryStatusLogging)) {
            set.putAll(loggingToSet(change));
        }
        return set;
    }

    /** SNS takes the whole policy: what nobody here owns of it goes back as it was. */
    private static String merged(Change<Spec> change) {
        JsonNode observed = Specs.json(change.observed().spec().deliveryPolicy());
        ObjectNode all = observed instanceof ObjectNode o ? o : ((ObjectNode) PolicyDocuments.parse("{}"));
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

    private static Map<String, String> loggingToSet(Change<Spec> change) {
        Map<String, String> have = new LinkedHashMap<>();
        orEmpty(change.observed().spec().deliveryStatusLogging()).forEach(l -> have.putAll(logging(l)));
        var delta = change.delta(Spec::deliveryStatusLogging);
        Map<String, String> set = new LinkedHashMap<>();
        // An attribute is taken back by an empty text.
        delta.removed().forEach(l -> logging(l).keySet().forEach(name -> set.put(name, "")));
        delta.added().forEach(l -> set.putAll(logging(l)));
        delta.altered().forEach(l -> set.putAll(logging(l)));
        set.entrySet().removeIf(e -> e.getValue().equals(have.get(e.getKey())));
        return set;
    }

    private static Map<String, String> logging(DeliveryStatusLogging logging) {
        Map<String, String> all = new LinkedHashMap<>();
        put(all, logging.protocol() + "SuccessFeedbackRoleArn", logging.successFeedbackRoleArn());
        put(all, logging.protocol() + "SuccessFeedbackSampleRate", logging.successFeedbackSampleRate());
        put(all, logging.protocol() + "FailureFeedbackRoleArn", logging.failureFeedbackRoleArn());
        return all;
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    static Spec spec(
            String name, Map<String, String> attributes, List<Subscription> subscriptions, Map<String, String> tags) {
        boolean fifo = "true".equals(attributes.get(FIFO));
        return new Spec(
                name,
                attributes.getOrDefault("DisplayName", ""),
                fifo,
                fifo ? Boolean.valueOf(attributes.get("ContentBasedDeduplication")) : null,
                fifo ? parse(FifoThroughputScope.class, attributes.get("FifoThroughputScope")) : null,
                attributes.getOrDefault("KmsMasterKeyId", ""),
                PolicyDocuments.parse(attributes.get("Policy")),
                attributes.containsKey("DeliveryPolicy")
                        ? Specs.read(DeliveryPolicy.class, PolicyDocuments.parse(attributes.get("DeliveryPolicy")))
                        : new DeliveryPolicy(null),
                // Both are left out of the answer where nobody ever set them.
                parse(TracingConfig.class, attributes.getOrDefault("TracingConfig", "PassThrough")),
                attributes.getOrDefault("SignatureVersion", "1"),
                observedLogging(attributes),
                subscriptions,
                tags);
    }

    private static List<DeliveryStatusLogging> observedLogging(Map<String, String> attributes) {
        List<DeliveryStatusLogging> all = new ArrayList<>();
        for (LoggedProtocol protocol : LoggedProtocol.values()) {
            String success = attributes.get(protocol + "SuccessFeedbackRoleArn");
            String failure = attributes.get(protocol + "FailureFeedbackRoleArn");
            if (success != null || failure != null) {
                String rate = attributes.get(protocol + "SuccessFeedbackSampleRate");
                all.add(new DeliveryStatusLogging(
                        protocol, success, rate == null ? null : Integer.valueOf(rate), failure));
            }
        }
        return all;
    }

    /** @return null for a value that AWS has thought of since */
    private static <E extends Enum<E>> @Nullable E parse(Class<E> type, @Nullable String wire) {
        for (E value : Objects.requireNonNull(type.getEnumConstants())) {
            if (value.name().equals(wire)) {
                return value;
            }
        }
        return null;
    }
}
