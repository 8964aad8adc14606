package dev.holdfast.kinds.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.kinds.KindHarness;
import dev.holdfast.twin.cloudwatch.TwinCloudWatch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.cloudwatch.model.Tag;

class AlarmKindTest {
    private static final String NAME = "dev-it-0a1b2c3d";
    private static final String PLAIN = """
        {'alarmDescription':'CPU of api','actionsEnabled':true,'alarmActions':['arn:aws:sns:eu-west-2:123456789012:a'],
         'okActions':['arn:aws:sns:eu-west-2:123456789012:a'],'insufficientDataActions':[],
         'namespace':'AWS/ECS','metricName':'CPUUtilization',
         'dimensions':[{'name':'ServiceName','value':'api'},{'name':'ClusterName','value':'main'}],
         'statistic':'Average','period':60,'unit':'Percent','evaluationPeriods':3,'datapointsToAlarm':2,
         'threshold':80,'comparisonOperator':'GreaterThanThreshold','treatMissingData':'notBreaching',
         'tags':{'a':'b'}}\
        """;
    private static final String RATE = """
        {'evaluationPeriods':2,'threshold':5,'comparisonOperator':'GreaterThanThreshold',
         'metrics':[{'id':'rate','expression':'100*errors/all','label':'5XX rate','returnData':true},
           {'id':'errors','returnData':false,'metricStat':{'period':60,'stat':'Sum','metric':{
             'namespace':'AWS/ApplicationELB','metricName':'HTTPCode_Target_5XX_Count',
             'dimensions':[{'name':'TargetGroup','value':'t'},{'name':'LoadBalancer','value':'l'}]}}},
           {'id':'all','returnData':false,'metricStat':{'period':60,'stat':'Sum','metric':{
             'namespace':'AWS/ApplicationELB','metricName':'RequestCount'}}}]}\
        """;

    private final KindHarness<AlarmKind.Spec> harness = new KindHarness<>(new AlarmKind(), "alarmName");
    private final TwinCloudWatch cloudWatch = harness.twin.service("eu-west-2", TwinCloudWatch.class);

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, RATE})
    void oneCallCreatesIt(String spec) {
        harness.desire(spec).converge();

        assertThat(harness.writes()).containsExactly("putMetricAlarm");
        assertThat(harness.known().outputs())
                .containsEntry("name", NAME)
                .containsEntry("arn", "arn:aws:cloudwatch:eu-west-2:123456789012:alarm:" + NAME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'alarmDescription':'other'} | putMetricAlarm",
                "{'alarmDescription':''} | putMetricAlarm",
                "{'actionsEnabled':false} | putMetricAlarm",
                "{'alarmActions':[]} | putMetricAlarm",
                "{'okActions':['arn:aws:sns:eu-west-2:123456789012:b']} | putMetricAlarm",
                "{'insufficientDataActions':['arn:aws:sns:eu-west-2:123456789012:b']} | putMetricAlarm",
                "{'namespace':'AWS/RDS'} | putMetricAlarm",
                "{'metricName':'MemoryUtilization'} | putMetricAlarm",
                "{'dimensions':[{'name':'ClusterName','value':'main'}]} | putMetricAlarm",
                "{'statistic':'Maximum'} | putMetricAlarm",
                "{'statistic':null,'extendedStatistic':'p99','evaluateLowSampleCountPercentile':'ignore'} |"
                        + " putMetricAlarm",
                "{'period':300} | putMetricAlarm",
                "{'unit':'Count/Second'} | putMetricAlarm",
                "{'evaluationPeriods':5} | putMetricAlarm",
                "{'datapointsToAlarm':1} | putMetricAlarm",
                "{'threshold':79.5} | putMetricAlarm",
                "{'comparisonOperator':'GreaterThanOrEqualToThreshold'} | putMetricAlarm",
                "{'treatMissingData':'breaching'} | putMetricAlarm",
                "{'tags':{'a':'c'}} | tagResource",
            })
    void aChangedFieldTakesOneCall(String patch, String call) {
        harness.takesCalls(PLAIN, patch, call);
    }

    @Test
    void oneMetricBecomesAnExpressionAndBack() {
        harness.desire(PLAIN).converge();
        harness.desire(RATE).converge();
        assertThat(harness.known().spec().metricName()).isNull();

        harness.desire(PLAIN).converge();

        assertThat(harness.known().spec().metrics()).isEmpty();
    }

    @Test
    void whatNobodyOwnsSurvivesAnOverwritingCall() {
        harness.desire(PLAIN).converge();

        harness.desire("""
            {'namespace':'AWS/ECS','metricName':'CPUUtilization','evaluationPeriods':1,
             'comparisonOperator':'GreaterThanThreshold','threshold':90}\
            """).converge();

        AlarmKind.Spec spec = harness.known().spec();
        assertThat(spec.alarmActions()).containsExactly("arn:aws:sns:eu-west-2:123456789012:a");
        assertThat(spec.treatMissingData()).isEqualTo("notBreaching");
        // CloudWatch rejects a datapointsToAlarm of 2 with one evaluation period.
        assertThat(spec.datapointsToAlarm()).isNull();
    }

    @Test
    void anIgnoredFieldIsSentAsObserved() {
        harness.desire(PLAIN).converge();
        behindOurBack(r -> r.threshold(70.0).treatMissingData("missing"));

        new AlarmKind()
                .update(new Change<>(
                        new Desired<>(harness.id, harness.spec(PLAIN), harness.stack, harness),
                        harness.observed(),
                        Set.of("treatMissingData"),
                        Set.of(),
                        false));

        assertThat(harness.known().spec().threshold()).isEqualTo(70.0);
        assertThat(harness.known().spec().treatMissingData()).isEqualTo("notBreaching");
    }

    @Test
    void repairsWhatSomebodyElseChanged() {
        harness.desire(PLAIN).converge();
        behindOurBack(
                r -> r.statistic((Statistic) null).extendedStatistic("p90").okActions(List.of()));
        String arn = (String) harness.known().outputs().get("arn");
        cloudWatch.untagResource(r -> r.resourceARN(arn).tagKeys("a"));
        cloudWatch.tagResource(r ->
                r.resourceARN(arn).tags(Tag.builder().key("theirs").value("1").build()));

        assertThat(harness.diff().changed()).containsExactlyInAnyOrder("statistic", "okActions", "tags");
        harness.converge();

        assertThat(harness.known().spec().extendedStatistic()).isNull();
        assertThat(harness.known().identity().tags()).containsEntry("theirs", "1");
    }

    private void behindOurBack(Consumer<PutMetricAlarmRequest.Builder> change) {
        PutMetricAlarmRequest.Builder request =
                Wire.fill(PutMetricAlarmRequest.builder(), harness.known().spec());
        change.accept(request);
        cloudWatch.putMetricAlarm(request.build());
    }

    @Test
    void removesTagsThatWereOursOnce() {
        harness.takesOffTagsThatWereOurs(PLAIN);
    }

    @Test
    void aStrangerThatHoldsTheNameIsSeenWithItsTags() {
        cloudWatch.putMetricAlarm(r -> r.alarmName(NAME)
                .namespace("n")
                .metricName("m")
                .statistic(Statistic.SUM)
                .period(60)
                .evaluationPeriods(1)
                .threshold(1.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD));
        harness.desire(PLAIN);

        assertThat(harness.known().identity().tags()).isEmpty();
        assertThat(harness.known().identity().name()).isEqualTo(NAME);
    }

    @Test
    void anAlarmOfAutoScalingIsNoneOfOurs() {
        harness.desire(PLAIN).converge();
        harness.indexed = true;
        cloudWatch.putAwsAlarm("TargetTracking-service/main/api-AlarmHigh-1", "arn:aws:autoscaling:p", a -> {});

        assertThat(harness.sweep()).containsExactly(harness.known());
    }

    @Test
    void aStaleIndexIsNoDrift() {
        harness.desire(PLAIN).converge();
        String arn = (String) harness.known().outputs().get("arn");
        harness.indexed = true;
        harness.frozenTags = Map.of(arn, Map.of("holdfast:stack", "test/dev", "a", "old"));

        assertThat(harness.diff().isEmpty()).isTrue();
    }

    @Test
    void tagsTakeNoReadWhereTheIndexSaysWhatIsDesired() {
        harness.isReadBy(PLAIN, true, "describeAlarmsPaginator");
    }

    @Test
    void isFoundLateAndWithoutStateAndByPointReads() {
        harness.isFoundLateAndWithoutStateAndByPointReads(PLAIN);
    }
}
