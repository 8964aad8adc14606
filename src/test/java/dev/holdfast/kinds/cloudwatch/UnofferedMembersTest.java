package dev.holdfast.kinds.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Kind;
import dev.holdfast.kinds.InterceptedClient;
import dev.holdfast.kinds.KindHarness;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.lang.reflect.InvocationTargetException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ActionConfiguration;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.EvaluationCriteria;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.WarmUpConfiguration;

/** A call that overwrites a whole alarm also sends the observed members that no document can set. */
class UnofferedMembersTest {
    private static final ActionConfiguration ACTIONS = ActionConfiguration.builder()
            .alarmTagsPropagation(p -> p.enabled(true).includedTagKeys("a"))
            .build();
    private static final WarmUpConfiguration WARM_UP =
            WarmUpConfiguration.builder().warmUpPeriodDurationInMinutes(5).build();
    private static final EvaluationCriteria QUERY =
            EvaluationCriteria.builder().promQLCriteria(p -> p.query("up == 0")).build();
    private static final String ALARM = """
        {'namespace':'n','metricName':'m','statistic':'Sum','period':60,'evaluationPeriods':1,'threshold':1,
         'comparisonOperator':'GreaterThanThreshold'}\
        """;

    private final TwinAccount twin = new TwinAccount(
            "123456789012", new DrivenClock(Instant.parse("2026-01-01T00:00:00Z")), new TwinSettings(), 1);
    private final CloudWatchClient backend = twin.service("eu-west-2", CloudWatchClient.class);
    private final List<Object> sent = new ArrayList<>();
    private final CloudWatchClient client = InterceptedClient.of(CloudWatchClient.class, (proxy, method, args) -> {
        if (method.getName().startsWith("put")) {
            sent.add(args[0]);
        }
        try {
            Object answer = method.invoke(backend, args);
            return answer instanceof DescribeAlarmsResponse alarms ? withMore(alarms) : answer;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    });

    private static DescribeAlarmsResponse withMore(DescribeAlarmsResponse response) {
        return response.toBuilder()
                .metricAlarms(response.metricAlarms().stream()
                        .map(a -> a.toBuilder()
                                .actionConfiguration(ACTIONS)
                                .warmUpConfiguration(WARM_UP)
                                .evaluationCriteria(QUERY)
                                .build())
                        .toList())
                .compositeAlarms(response.compositeAlarms().stream()
                        .map(a -> a.toBuilder().actionConfiguration(ACTIONS).build())
                        .toList())
                .build();
    }

    private <S extends Record> KindHarness<S> harness(Kind<S> kind) {
        return new KindHarness<>(kind, "alarmName", twin, Map.of(CloudWatchClient.class, client));
    }

    @Test
    void surviveAChangeOfAnAlarm() {
        KindHarness<AlarmKind.Spec> harness = harness(new AlarmKind());
        harness.desire(ALARM).converge();

        harness.desire(ALARM, "{'threshold':2}").converge();

        PutMetricAlarmRequest put = (PutMetricAlarmRequest) sent.getLast();
        assertThat(put.threshold()).isEqualTo(2.0);
        assertThat(put.actionConfiguration()).isEqualTo(ACTIONS);
        assertThat(put.warmUpConfiguration()).isEqualTo(WARM_UP);
        assertThat(put.evaluationCriteria()).isEqualTo(QUERY);
    }

    /** CloudWatch rejects a query together with metrics. */
    @Test
    void aQueryGivesWayToTheDesiredMetric() {
        KindHarness<AlarmKind.Spec> harness = harness(new AlarmKind());
        harness.desire(ALARM).converge();

        harness.desire(ALARM, "{'metricName':'other'}").converge();

        PutMetricAlarmRequest put = (PutMetricAlarmRequest) sent.getLast();
        assertThat(put.evaluationCriteria()).isNull();
        assertThat(put.actionConfiguration()).isEqualTo(ACTIONS);
    }

    @Test
    void surviveAChangeOfACompositeAlarm() {
        KindHarness<CompositeAlarmKind.Spec> harness = harness(new CompositeAlarmKind());
        harness.desire("{'alarmRule':'ALARM(a)'}").converge();

        harness.desire("{'alarmRule':'ALARM(b)'}").converge();

        PutCompositeAlarmRequest put = (PutCompositeAlarmRequest) sent.getLast();
        assertThat(put.alarmRule()).isEqualTo("ALARM(b)");
        assertThat(put.actionConfiguration()).isEqualTo(ACTIONS);
    }
}
