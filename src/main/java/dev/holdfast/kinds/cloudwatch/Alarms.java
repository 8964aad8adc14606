package dev.holdfast.kinds.cloudwatch;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Getter;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Wanted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.Tag;

/** What the two kinds of alarms have in common: they share names, ARNs and tags. */
final class Alarms {
    /** As many as DescribeAlarms takes names and gives alarms. */
    private static final int BATCH = 100;

    private static final String TYPE = "cloudwatch:alarm";

    private Alarms() {}

    /** The wanted ones by each name that they have or had. */
    static <S extends Record> Map<String, Wanted<S>> wanted(Scope<S> scope) {
        Map<String, Wanted<S>> byName = new LinkedHashMap<>();
        for (Wanted<S> w : scope.wanted()) {
            Stream.of(w.physicalId(), w.physicalName()).filter(Objects::nonNull).forEach(name -> byName.put(name, w));
        }
        return byName;
    }

    /** Alarms of one type: the wanted ones by name, whoever's they are; in a sweep also the rest of the stack's. */
    static <A> List<A> read(
            Scope<?> scope, AlarmType type, Set<String> wanted, Function<DescribeAlarmsResponse, List<A>> alarms) {
        Set<String> names = new TreeSet<>(wanted);
        if (scope.sweep()) {
            scope.tagged(TYPE).keySet().forEach(arn -> names.add(name(arn)));
        }
        CloudWatchClient cloudWatch = scope.client(CloudWatchClient.class);
        List<List<String>> batches =
                names.stream().gather(Gatherers.windowFixed(BATCH)).toList();
        return scope
                .parallel(
                        batches,
                        batch ->
                                cloudWatch
                                        .describeAlarmsPaginator(r -> r.alarmNames(batch)
                                                .alarmTypes(type)
                                                .maxRecords(BATCH))
                                        .stream()
                                        .flatMap(page -> alarms.apply(page).stream())
                                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static String name(String arn) {
        return arn.substring(arn.indexOf(":alarm:") + ":alarm:".length());
    }

    /** Says whose it would be, for the case that its tags cannot be read. */
    static Identity identify(String name, @Nullable Wanted<?> wanted) {
        return Identity.of(name).named(name).belongingTo(wanted == null ? null : wanted.id());
    }

    static Map<String, String> tags(Scope<?> scope, String arn, String name, @Nullable Map<String, String> desired) {
        CloudWatchClient cloudWatch = scope.client(CloudWatchClient.class);
        return scope.tags(
                TYPE,
                arn,
                name,
                desired,
                () -> cloudWatch.listTagsForResource(r -> r.resourceARN(arn)).tags().stream()
                        .collect(Collectors.toMap(Tag::key, Tag::value)));
    }

    static List<Tag> tags(@Nullable Map<String, String> tags) {
        return tags == null
                ? List.of()
                : tags.entrySet().stream()
                        .map(e -> Tag.builder()
                                .key(e.getKey())
                                .value(e.getValue())
                                .build())
                        .toList();
    }

    static <S extends Record> void updateTags(Change<S> change, Getter<S, Map<String, String>> tags) {
        CloudWatchClient cloudWatch = change.client(CloudWatchClient.class);
        String arn = String.valueOf(change.observed().known().outputs().get("arn"));
        Map<String, String> put = change.tagsToPut(tags);
        if (!put.isEmpty()) {
            cloudWatch.tagResource(r -> r.resourceARN(arn).tags(tags(put)));
        }
        Set<String> remove = change.tagsToRemove(tags);
        if (!remove.isEmpty()) {
            cloudWatch.untagResource(r -> r.resourceARN(arn).tagKeys(remove));
        }
    }

    /** Whether anything but the tags differs. */
    static <S extends Record> boolean differs(Change<S> change, Getter<S, Map<String, String>> tags) {
        return change.changed().size() > (change.touches(tags) ? 1 : 0);
    }

    /** @return null for a value that AWS has thought of since */
    static <E extends Enum<E>> @Nullable E parse(E[] values, @Nullable String wire) {
        return Stream.of(values)
                .filter(v -> v.toString().equals(wire))
                .findFirst()
                .orElse(null);
    }

    static @Nullable String wire(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
