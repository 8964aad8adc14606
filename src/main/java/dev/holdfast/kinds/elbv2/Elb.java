package dev.holdfast.kinds.elbv2;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Getter;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.Tagging;
import dev.holdfast.kind.Wanted;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;

/** What the kinds of load balancing have in common: tags, attributes, and which of many things are asked about. */
final class Elb {
    /** As many as DescribeTags takes. */
    private static final int TAGS_OF = 20;
    /** The largest page of every list. */
    static final int PAGE = 400;

    private Elb() {}

    /** Tags are told for twenty resources a call. */
    static final Tagging<ElasticLoadBalancingV2Client> TAGGING = Tagging.batched(
            TAGS_OF,
            (elb, arns) -> elb.describeTags(r -> r.resourceArns(arns)).tagDescriptions().stream()
                    .collect(Collectors.toMap(TagDescription::resourceArn, d -> SdkShapes.map(d.tags()))),
            (elb, arn, tags) -> elb.addTags(r -> r.resourceArns(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
            (elb, arn, keys) -> elb.removeTags(r -> r.resourceArns(arn).tagKeys(keys)));

    /** Something found, with its tags, which only DescribeTags tells. */
    record Tagged<T>(T thing, Map<String, String> tags) {}

    static boolean nothingToDo(Scope<?> scope) {
        return scope.wanted().isEmpty() && !scope.sweep();
    }

    static Set<String> recorded(Scope<?> scope) {
        return scope.wanted().stream()
                .map(Wanted::physicalId)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    static Set<String> names(Scope<?> scope) {
        return scope.wanted().stream()
                .map(Wanted::physicalName)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Of everything there is, what is ours and what stands in the way of ours. Tags cost a call for twenty things, so they are
     * read only of what is asked for, but for a sweep.
     *
     * @param asked whether it is one of the wanted, or stands in the place of one
     */
    static <T> List<Tagged<T>> ours(Scope<?> scope, List<T> all, Function<T, String> arn, Predicate<T> asked) {
        List<T> candidates = scope.sweep() ? all : all.stream().filter(asked).toList();
        Map<String, Map<String, String>> tags =
                tags(scope, candidates.stream().map(arn).toList());
        return candidates.stream()
                .map(t -> new Tagged<>(t, tags.getOrDefault(arn.apply(t), Map.of())))
                .filter(t -> asked.test(t.thing()) || owned(scope, t.tags()))
                .toList();
    }

    static boolean owned(Scope<?> scope, Map<String, String> tags) {
        return scope.stack().owner().equals(tags.get(StackRef.STACK_TAG));
    }

    private static Map<String, Map<String, String>> tags(Scope<?> scope, List<String> arns) {
        ElasticLoadBalancingV2Client elb = scope.client(ElasticLoadBalancingV2Client.class);
        List<List<String>> batches =
                arns.stream().gather(Gatherers.windowFixed(TAGS_OF)).toList();
        Map<String, Map<String, String>> byArn = new HashMap<>();
        scope.parallel(
                        batches,
                        batch -> elb.describeTags(r -> r.resourceArns(batch)).tagDescriptions())
                .forEach(page -> page.forEach(d -> byArn.put(d.resourceArn(), tags(d))));
        return byArn;
    }

    private static Map<String, String> tags(TagDescription description) {
        return description.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value));
    }

    static Identity identity(String arn, Tagged<?> found) {
        return Identity.of(arn).tagged(found.tags());
    }

    /** Load balancers of this stack, for what can only be listed by load balancer. */
    static List<String> ownLoadBalancers(Scope<?> scope) {
        List<LoadBalancer> all = scope
                .client(ElasticLoadBalancingV2Client.class)
                .describeLoadBalancersPaginator(r -> r.pageSize(PAGE))
                .loadBalancers()
                .stream()
                .toList();
        Map<String, Map<String, String>> tags =
                tags(scope, all.stream().map(LoadBalancer::loadBalancerArn).toList());
        return tags.entrySet().stream()
                .filter(e -> owned(scope, e.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Those of one load balancer; none if it is gone. */
    static List<Listener> listeners(ElasticLoadBalancingV2Client elb, String loadBalancerArn) {
        try {
            return elb
                    .describeListenersPaginator(
                            r -> r.loadBalancerArn(loadBalancerArn).pageSize(PAGE))
                    .listeners()
                    .stream()
                    .toList();
        } catch (LoadBalancerNotFoundException e) {
            return List.of();
        }
    }

    static Collection<Tag> tags(@Nullable Map<String, String> tags) {
        return (tags == null ? Map.<String, String>of() : tags)
                .entrySet().stream()
                        .map(e -> Tag.builder()
                                .key(e.getKey())
                                .value(e.getValue())
                                .build())
                        .toList();
    }

    static <S extends Record> void updateTags(
            ElasticLoadBalancingV2Client elb, Change<S> change, Getter<S, Map<String, String>> tags) {
        Map<String, String> put = change.tagsToPut(tags);
        if (!put.isEmpty()) {
            elb.addTags(r -> r.resourceArns(change.physicalId()).tags(tags(put)));
        }
        Set<String> remove = change.tagsToRemove(tags);
        if (!remove.isEmpty()) {
            elb.removeTags(r -> r.resourceArns(change.physicalId()).tagKeys(remove));
        }
    }

    /** AWS's list of key and value as a map. */
    static <T> Map<String, String> map(List<T> attributes, Function<T, String> key, Function<T, String> value) {
        Map<String, String> map = new TreeMap<>();
        attributes.forEach(a -> map.put(key.apply(a), value.apply(a) == null ? "" : value.apply(a)));
        return map;
    }

    /** Those attributes that are desired and not observed, in AWS's form. */
    static <T> List<T> differing(
            @Nullable Map<String, String> desired,
            @Nullable Map<String, String> observed,
            BiFunction<String, String, T> make) {
        Map<String, String> there = observed == null ? Map.of() : observed;
        return (desired == null ? Map.<String, String>of() : desired)
                .entrySet().stream()
                        .filter(e -> !e.getValue().equals(there.get(e.getKey())))
                        .map(e -> make.apply(e.getKey(), e.getValue()))
                        .toList();
    }

    /** The constant of that value on the wire; null for one that is not offered here. */
    static <E extends Enum<E>> @Nullable E constant(Class<E> type, @Nullable String wire) {
        for (E constant : type.getEnumConstants()) {
            if (constant.toString().equals(wire)) {
                return constant;
            }
        }
        return null;
    }

    static @Nullable String wire(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.toString();
    }
}
