package dev.holdfast.twin.cloudwatch;

import static dev.holdfast.twin.TwinRefusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.cloudwatch.model.Tag;

class TwinCloudWatchTest {
    private static final String ARN = "arn:aws:cloudwatch:eu-west-2:123456789012:alarm:a";

    private final TwinAccount account = new TwinAccount(
            "123456789012", new DrivenClock(Instant.parse("2026-01-01T00:00:00Z")), new TwinSettings(), 1);
    private final TwinCloudWatch cloudWatch = account.service("eu-west-2", TwinCloudWatch.class);

    private static PutMetricAlarmRequest.Builder alarm() {
        return PutMetricAlarmRequest.builder()
                .alarmName("a")
                .namespace("AWS/ECS")
                .metricName("CPUUtilization")
                .statistic(Statistic.AVERAGE)
                .period(60)
                .evaluationPeriods(3)
                .threshold(80.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD);
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    @Test
    void aSecondPutOverwritesAllButTagsAndState() {
        cloudWatch.putMetricAlarm(
                alarm().treatMissingData("breaching").tags(tag("a", "1")).build());
        cloudWatch.setAlarmState(
                r -> r.alarmName("a").stateValue(StateValue.ALARM).stateReason("test"));

        cloudWatch.putMetricAlarm(alarm().threshold(90.0).tags(tag("a", "2")).build());

        var now =
                cloudWatch.describeAlarms(r -> r.alarmNames("a")).metricAlarms().getFirst();
        assertThat(now.threshold()).isEqualTo(90.0);
        assertThat(now.treatMissingData()).isNull();
        assertThat(now.stateValue()).isEqualTo(StateValue.ALARM);
        assertThat(cloudWatch.listTagsForResource(r -> r.resourceARN(ARN)).tags())
                .containsExactly(tag("a", "1"));
    }

    static Stream<Consumer<PutMetricAlarmRequest.Builder>> refusals() {
        return Stream.of(
                r -> r.extendedStatistic("p99"),
                r -> r.statistic((Statistic) null),
                r -> r.period(45),
                r -> r.period(null),
                r -> r.period(60).evaluationPeriods(1441),
                r -> r.datapointsToAlarm(4),
                r -> r.treatMissingData("never"),
                r -> r.threshold(null),
                r -> r.alarmActions("nothing"),
                r -> r.metricName(null),
                r -> r.metrics(m -> m.id("m").expression("1")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatCloudWatchRefuses(Consumer<PutMetricAlarmRequest.Builder> change) {
        PutMetricAlarmRequest.Builder request = alarm();
        change.accept(request);

        refused(400, "ValidationError", () -> cloudWatch.putMetricAlarm(request.build()));
    }

    @Test
    void oneNameIsOneAlarmOfEitherType() {
        cloudWatch.putMetricAlarm(alarm().build());
        refused(
                400,
                "ValidationError",
                () -> cloudWatch.putCompositeAlarm(r -> r.alarmName("a").alarmRule("TRUE")));

        cloudWatch.putCompositeAlarm(r -> r.alarmName("b").alarmRule("TRUE"));

        assertThat(cloudWatch.describeAlarms(r -> {}).compositeAlarms()).isEmpty();
        var both = cloudWatch.describeAlarms(r -> r.alarmTypes(AlarmType.METRIC_ALARM, AlarmType.COMPOSITE_ALARM));
        assertThat(both.metricAlarms()).hasSize(1);
        assertThat(both.compositeAlarms()).hasSize(1);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        refused(404, "ResourceNotFound", () -> cloudWatch.deleteAlarms(r -> r.alarmNames("a")));
        refused(404, "ResourceNotFoundException", () -> cloudWatch.listTagsForResource(r -> r.resourceARN(ARN)));
        refused(404, "ResourceNotFound", () -> cloudWatch.getDashboard(r -> r.dashboardName("a")));
    }

    @Test
    void anotherServicesAlarmsAreListedWithTheRest() {
        String arn = cloudWatch.putAwsAlarm(
                "TargetTracking-x", "arn:aws:autoscaling:p", a -> a.metricName("CPUUtilization"));

        assertThat(cloudWatch.alarmExists("TargetTracking-x")).isTrue();
        assertThat(cloudWatch
                        .describeAlarms(r -> r.alarmNamePrefix("TargetTracking-"))
                        .metricAlarms())
                .singleElement()
                .satisfies(a -> assertThat(a.alarmArn()).isEqualTo(arn))
                .satisfies(a -> assertThat(a.alarmActions()).containsExactly("arn:aws:autoscaling:p"));
        cloudWatch.deleteAwsAlarm("TargetTracking-x");
        assertThat(account.inventory()).isEmpty();
    }

    @Test
    void theLastValueOfAMetricIsKept() {
        cloudWatch.putMetricData(r -> r.namespace("n")
                .metricData(
                        d -> d.metricName("m")
                                .value(1.0)
                                .dimensions(x -> x.name("a").value("b")),
                        d -> d.metricName("m")
                                .values(2.0, 3.0)
                                .dimensions(x -> x.name("a").value("b"))));

        assertThat(cloudWatch.lastValue("n", "m", Map.of("a", "b"))).isEqualTo(3.0);
        assertThat(cloudWatch.lastValue("n", "m", Map.of())).isNull();
    }

    private static PutMetricDataRequest.Builder data(int count) {
        return PutMetricDataRequest.builder()
                .namespace("n")
                .metricData(IntStream.range(0, count)
                        .mapToObj(i -> MetricDatum.builder()
                                .metricName("m" + i)
                                .value(1.0)
                                .build())
                        .toList());
    }

    static Stream<Consumer<PutMetricDataRequest.Builder>> refusedData() {
        return Stream.of(
                r -> r.namespace("AWS/ECS"),
                r -> r.metricData(data(1001).build().metricData()),
                r -> r.metricData(d -> d.metricName("m").value(Double.NaN)),
                r -> r.metricData(d ->
                        d.metricName("m").value(1.0).dimensions(x -> x.name("a").value(""))),
                r -> r.metricData(d -> d.metricName("m").value(1.0).timestamp(Instant.parse("2025-12-17T00:00:00Z"))),
                r -> r.metricData(d -> d.metricName("m").value(1.0).timestamp(Instant.parse("2026-01-01T02:00:01Z"))));
    }

    @ParameterizedTest
    @MethodSource("refusedData")
    void refusesFiguresThatCloudWatchRefuses(Consumer<PutMetricDataRequest.Builder> change) {
        PutMetricDataRequest.Builder request = data(1);
        change.accept(request);

        refused(400, "InvalidParameterValue", () -> cloudWatch.putMetricData(request.build()));
        assertThat(cloudWatch.listMetrics(r -> {}).metrics()).isEmpty();
    }

    @Test
    void aFigureWithoutAValueOrANamespaceIsRefused() {
        refused(
                400,
                "MissingParameter",
                () -> cloudWatch.putMetricData(r -> r.namespace("n").metricData(d -> d.metricName("m"))));
        refused(400, "MissingParameter", () -> cloudWatch.putMetricData(r -> r.metricData(d -> d.metricName("m"))));
    }

    @Test
    void metricsAreListedByNamespaceNameAndDimension() {
        cloudWatch.putMetricData(r -> r.namespace("n")
                .metricData(
                        d -> d.metricName("m")
                                .value(1.0)
                                .dimensions(x -> x.name("a").value("b")),
                        d -> d.metricName("m").value(2.0),
                        d -> d.metricName("o").value(3.0)));
        cloudWatch.putMetricData(data(1000).namespace("big").build());

        assertThat(cloudWatch.listMetrics(r -> r.namespace("n")).metrics()).hasSize(3);
        assertThat(cloudWatch.listMetrics(r -> r.namespace("n").metricName("m")).metrics())
                .hasSize(2);
        assertThat(cloudWatch
                        .listMetrics(r -> r.namespace("n").dimensions(x -> x.name("a")))
                        .metrics())
                .hasSize(1);
        var first = cloudWatch.listMetrics(r -> r.namespace("big"));
        assertThat(first.metrics()).hasSize(500);
        assertThat(cloudWatch
                        .listMetrics(r -> r.namespace("big").nextToken(first.nextToken()))
                        .nextToken())
                .isNull();
    }

    @Test
    void figuresAreReadByPeriodNewestFirst() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (int second : new int[] {0, 30, 60}) {
            cloudWatch.putMetricData(r -> r.namespace("n")
                    .metricData(d -> d.metricName("m").value(second + 1.0).timestamp(start.plusSeconds(second))));
        }

        var result = cloudWatch
                .getMetricData(r -> r.startTime(start)
                        .endTime(start.plusSeconds(120))
                        .metricDataQueries(q -> q.id("q")
                                .metricStat(s -> s.stat("Maximum")
                                        .period(60)
                                        .metric(m -> m.namespace("n").metricName("m")))))
                .metricDataResults()
                .getFirst();

        assertThat(result.values()).containsExactly(61.0, 31.0);
        assertThat(result.timestamps()).containsExactly(start.plusSeconds(60), start);
    }
}
