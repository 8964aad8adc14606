package dev.holdfast.twin.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricFilter;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricTransformation;
import software.amazon.awssdk.services.cloudwatchlogs.model.StandardUnit;

class TwinLogsTest {
    private final TwinAccount account = new TwinAccount(
            "123456789012", new DrivenClock(Instant.parse("2026-01-01T00:00:00Z")), new TwinSettings(), 1);
    private final TwinLogs logs = account.service("eu-west-2", TwinLogs.class);

    private static void refused(String code, ThrowingCallable call) {
        AwsServiceException e = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(e.statusCode()).isEqualTo(400);
    }

    @Test
    void oneArnEndsWithAStarAndTheOtherDoesNot() {
        logs.createLogGroup(r -> r.logGroupName("/ecs/api"));

        LogGroup group = logs.describeLogGroups(r -> {}).logGroups().getFirst();

        assertThat(group.logGroupArn()).isEqualTo("arn:aws:logs:eu-west-2:123456789012:log-group:/ecs/api");
        assertThat(group.arn()).isEqualTo(group.logGroupArn() + ":*");
        refused("InvalidParameterException", () -> logs.listTagsForResource(r -> r.resourceArn(group.arn())));
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
        refused("ResourceAlreadyExistsException", () -> logs.createLogGroup(r -> r.logGroupName("a")));
        refused("InvalidParameterException", () -> logs.createLogGroup(r -> r.logGroupName("a b")));
        refused(
                "InvalidParameterException",
                () -> logs.createLogGroup(r -> r.logGroupName("c").tags(Map.of("aws:x", "y"))));
        refused(
                "InvalidParameterException",
                () -> logs.putRetentionPolicy(r -> r.logGroupName("a").retentionInDays(2)));
        refused(
                "ResourceNotFoundException",
                () -> logs.putRetentionPolicy(r -> r.logGroupName("b").retentionInDays(1)));
        refused("ValidationException", () -> logs.deleteLogGroup(r -> r.logGroupName("a")));
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

        refused("ResourceNotFoundException", () -> put("b", "f", "", m -> {}));
        refused("InvalidParameterException", () -> put("a", "f", "ERROR", m -> m.dimensions(dimensions)));
        refused(
                "InvalidParameterException",
                () -> put("a", "f", "[a, b]", m -> m.dimensions(dimensions).defaultValue(0.0)));
        refused(
                "ResourceNotFoundException",
                () -> logs.deleteMetricFilter(r -> r.logGroupName("a").filterName("f")));
        for (int i = 0; i < 100; i++) {
            put("a", "f" + i, "", m -> {});
        }
        refused("LimitExceededException", () -> put("a", "f", "", m -> {}));
    }
}
