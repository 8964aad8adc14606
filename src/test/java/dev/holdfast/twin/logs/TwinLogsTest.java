package dev.holdfast.twin.logs;

import static dev.holdfast.twin.TwinRefusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricFilter;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricTransformation;
import software.amazon.awssdk.services.cloudwatchlogs.model.StandardUnit;

class TwinLogsTest {
    private final TwinAccount account = new TwinAccount(
            "123456789012", new DrivenClock(Instant.parse("2026-01-01T00:00:00Z")), new TwinSettings(), 1);
    private final TwinLogs logs = account.service("eu-west-2", TwinLogs.class);

    @Test
    void oneArnEndsWithAStarAndTheOtherDoesNot() {
        logs.createLogGroup(r -> r.logGroupName("/ecs/api"));

        LogGroup group = logs.describeLogGroups(r -> {}).logGroups().getFirst();

        assertThat(group.logGroupArn()).isEqualTo("arn:aws:logs:eu-west-2:123456789012:log-group:/ecs/api");
        assertThat(group.arn()).isEqualTo(group.logGroupArn() + ":*");
        refused(400, "InvalidParameterException", () -> logs.listTagsForResource(r -> r.resourceArn(group.arn())));
        assertThat(logs.exists("/ecs/api")).isTrue();
        assertThat(logs.exists("/ecs")).isFalse();
    }

    @Test
    void namesFilterAndMissingOnesAreLeftOut() {
        logs.createLogGroup(r -> r.logGroupName("b"));
        logs.createLogGroup(r -> r.logGroupName("a"));
        logs.createLogGroup(r -> r.logGroupName("c"));

        assertThat(logs.describeLogGroups(r -> r.logGroupIdentifiers("b", "x", "a"))
                        .logGroups())
                .extracting(LogGroup::logGroupName)
                .containsExactly("a", "b");
    }

    @Test
    void refusesWhatLogsRefuses() {
        logs.createLogGroup(r -> r.logGroupName("a").deletionProtectionEnabled(true));
        refused(400, "ResourceAlreadyExistsException", () -> logs.createLogGroup(r -> r.logGroupName("a")));
        refused(400, "InvalidParameterException", () -> logs.createLogGroup(r -> r.logGroupName("a b")));
        refused(
                400,
                "InvalidParameterException",
                () -> logs.createLogGroup(r -> r.logGroupName("c").tags(Map.of("aws:x", "y"))));
        refused(
                400,
                "InvalidParameterException",
                () -> logs.putRetentionPolicy(r -> r.logGroupName("a").retentionInDays(2)));
        refused(
                400,
                "ResourceNotFoundException",
                () -> logs.putRetentionPolicy(r -> r.logGroupName("b").retentionInDays(1)));
        refused(400, "ValidationException", () -> logs.deleteLogGroup(r -> r.logGroupName("a")));
    }

    private void put(String group, String filter, String pattern, Consumer<MetricTransformation.Builder> more) {
        logs.putMetricFilter(r -> r.logGroupName(group)
                .filterName(filter)
                .filterPattern(pattern)
                .metricTransformations(
                        m -> more.accept(m.metricName("m").metricNamespace("n").metricValue("1"))));
    }

    @Test
    void aPutOverwritesTheWholeFilterAndKeepsItsAge() {
        logs.createLogGroup(r -> r.logGroupName("a"));
        put("a", "f", "ERROR", m -> m.defaultValue(0.0).unit(StandardUnit.COUNT));
        MetricFilter old = logs.describeMetricFilters(r -> r.logGroupName("a"))
                .metricFilters()
                .getFirst();

        put("a", "f", "{ $.level = * }", m -> m.dimensions(Map.of("level", "$.level")));

        MetricFilter filter =
                logs.describeMetricFilters(r -> {}).metricFilters().getFirst();
        assertThat(filter.metricTransformations().getFirst().defaultValue()).isNull();
        assertThat(filter.metricTransformations().getFirst().unit()).isEqualTo(StandardUnit.NONE);
        assertThat(filter.creationTime()).isEqualTo(old.creationTime());
        assertThat(logs.describeLogGroups(r -> {}).logGroups().getFirst().metricFilterCount())
                .isEqualTo(1);
    }

    @Test
    void refusesMetricFiltersThatLogsRefuses() {
        logs.createLogGroup(r -> r.logGroupName("a"));
        Map<String, String> dimensions = Map.of("level", "$.level");

        refused(400, "ResourceNotFoundException", () -> put("b", "f", "", m -> {}));
        refused(400, "InvalidParameterException", () -> put("a", "f", "ERROR", m -> m.dimensions(dimensions)));
        refused(
                400,
                "InvalidParameterException",
                () -> put("a", "f", "[a, b]", m -> m.dimensions(dimensions).defaultValue(0.0)));
        refused(
                400,
                "ResourceNotFoundException",
                () -> logs.deleteMetricFilter(r -> r.logGroupName("a").filterName("f")));
        for (int i = 0; i < 100; i++) {
            put("a", "f" + i, "", m -> {});
        }
        refused(400, "LimitExceededException", () -> put("a", "f", "", m -> {}));
    }
}
