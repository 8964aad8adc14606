package dev.holdfast.kinds.cloudwatch;

import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.EvaluationCriteria;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** An alarm on one metric, or on an expression over several. */
@Singleton
public final class AlarmKind extends DeclaredKind<AlarmKind.Spec> {
    /**
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html">PutMetricAlarm</a>
     */
    public record Spec(
            @Doc("The name of the alarm.") @PhysicalName(max = 255, also = " _./:")
            String alarmName,

            @Doc("The description of the alarm for people.") @EmptyIsNone
            String alarmDescription,

            @Doc("Whether a change of the state runs actions.")
            Boolean actionsEnabled,

            @Doc("The ARNs of the actions for ALARM: topics, scaling policies or functions; at most 5.")
            Set<String> alarmActions,

            @Doc("The ARNs of the actions for OK.") Set<String> okActions,

            @Doc("The ARNs of the actions for INSUFFICIENT_DATA.")
            Set<String> insufficientDataActions,

            @Doc("The namespace of the metric; not together with metrics.")
            String namespace,

            @Doc("The name of the metric; not together with metrics.")
            String metricName,

            @Doc("The dimensions, which distinguish metrics of the same name.") @Key("name") @EmptyIsNone
            List<Dimension> dimensions,

            @Doc("The statistic that combines the values of a period.")
            Statistic statistic,

            @Doc("A percentile or another extended statistic, such as p99, instead of statistic.")
            @Excludes("statistic")
            String extendedStatistic,

            @Doc("The length of a period in seconds: 10, 20, 30 or a multiple of 60.")
            Integer period,

            @Doc("The unit of the values that the alarm evaluates; rarely needed.")
            StandardUnit unit,

            @Doc("The number of periods that the alarm evaluates.") @Required
            Integer evaluationPeriods,

            @Doc("The number of these periods that must breach the threshold; all periods by default.")
            Integer datapointsToAlarm,

            @Doc("The value with which the statistic is compared.")
            Double threshold,

            @Doc("For an anomaly detection alarm: the id of the band in metrics.") @Excludes("threshold")
            String thresholdMetricId,

            @Doc("The operator of the comparison.") @Required
            ComparisonOperator comparisonOperator,

            @Doc("The treatment of a period without data.") @Offers({"breaching", "notBreaching", "ignore", "missing"})
            String treatMissingData,

            @Doc("For percentiles: whether a period with few samples is evaluated (evaluate) or ignored (ignore).")
            @Offers({"evaluate", "ignore"})
            String evaluateLowSampleCountPercentile,

            @Doc("Several metrics and expressions over them, instead of one metric. Exactly one of them returns data.")
            @Key("id")
            @EmptyIsNone
            @Excludes({"metricName", "namespace", "dimensions", "statistic", "extendedStatistic", "period", "unit"})
            List<MetricQuery> metrics,

            @Doc("The time that a new alarm waits for data.")
            WarmUp warmUpConfiguration,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_WarmUpConfiguration.html">WarmUp</a> */
    public record WarmUp(
            @Doc("The time that the alarm stays in INSUFFICIENT_DATA, in minutes.")
            @Required
            @Range(min = 1, max = 2880)
            Integer warmUpPeriodDurationInMinutes,

            @Doc("Whether the alarm waits for the whole time even if data arrives earlier; AWS's default is false.")
            Boolean onlyStartEvaluatingAfterWarmUpPeriodEnds) {}

    /** A dimension of a metric. */
    public record Dimension(
            @Doc("The name, such as ClusterName.") @Required String name,

            @Doc("The value.") @Required String value) {}

    /** A metric or an expression, with an id. */
    @OneOf({"metricStat", "expression"})
    public record MetricQuery(
            @Doc("The id that expressions use; it begins with a lower-case letter.") @Required
            String id,

            @Doc("A metric; not together with expression.") MetricStat metricStat,

            @Doc("An expression over the other metrics and expressions.")
            String expression,

            @Doc("The label in graphs.") @EmptyIsNone String label,

            @Doc("Whether the alarm evaluates this result.") Boolean returnData,

            @Doc("The length of a period in seconds, for expressions.")
            Integer period,

            @Doc("The account that has the metric.") String accountId) {
        public MetricQuery {
            // CloudWatch's default:
            // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
            returnData = returnData == null || returnData;
        }
    }

    /** A metric and the statistic that combines its values. */
    public record MetricStat(
            @Doc("The metric.") @Required Metric metric,

            @Doc("The length of a period in seconds.") @Required
            Integer period,

            @Doc("The statistic, such as Sum or p99.") @Required
            String stat,

            @Doc("The unit of the values that count.") StandardUnit unit) {}

    /** The name of a metric. */
    public record Metric(
            @Doc("The namespace.") @Required String namespace,
            @Doc("The name of the metric.") @Required String metricName,
            @Doc("The dimensions.") @Key("name") List<Dimension> dimensions) {
        public Metric {
            dimensions = dimensions == null ? List.of() : dimensions;
        }
    }

    /** The components for an alarm on one metric, which an alarm on several metrics does not have. */
    private static final Set<String> ONE_METRIC = Components.<Spec>namesOf(
            Spec::namespace,
            Spec::metricName,
            Spec::dimensions,
            Spec::statistic,
            Spec::extendedStatistic,
            Spec::period,
            Spec::unit);

    private static final Set<String> SEVERAL_METRICS = Components.<Spec>namesOf(Spec::metrics);
    private static final Set<String> STATISTICS = Components.<Spec>namesOf(Spec::statistic, Spec::extendedStatistic);
    private static final Set<String> THRESHOLDS = Components.<Spec>namesOf(Spec::threshold, Spec::thresholdMetricId);
    private static final Set<String> LOW_SAMPLES = Components.<Spec>namesOf(Spec::evaluateLowSampleCountPercentile);

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        PointRead<CloudWatchClient, MetricAlarm> read = PointRead.of(
                (cloudWatch, name) -> cloudWatch
                        .describeAlarms(r -> r.alarmNames(name).alarmTypes(AlarmType.METRIC_ALARM))
                        .metricAlarms(),
                ResourceNotFoundException.class);
        return Recipe.of("Alarm", Spec.class, CloudWatchClient.class)
                .description("An alarm on one metric, or on an expression over several.")
                .listsByName(
                        AlarmTags.BATCH,
                        (cloudWatch, names) -> AlarmTags.read(cloudWatch, names, AlarmType.METRIC_ALARM)
                                .metricAlarms(),
                        AlarmTags.TAGGING)
                .named(MetricAlarm::alarmName)
                .arn(MetricAlarm::alarmArn)
                .createsNamed(PutMetricAlarmRequest::builder, CloudWatchClient::putMetricAlarm)
                .overwrites(PutMetricAlarmRequest::builder, read, AlarmKind::exclude, CloudWatchClient::putMetricAlarm)
                .deletes((cloudWatch, name) -> cloudWatch.deleteAlarms(r -> r.alarmNames(name)))
                .output("name", "The name of the alarm, for composite alarms and deployments.", MetricAlarm::alarmName)
                .output("arn", "The ARN of the alarm.", MetricAlarm::alarmArn)
                .leavesOut(
                        "EvaluationCriteria, EvaluationInterval",
                        "alarms on PromQL queries, which exclude nearly all other fields, are not offered yet; an"
                                + " existing alarm keeps its query")
                .leavesOut(
                        "ActionConfiguration, EvaluationWindow",
                        "evaluation windows, and tags for the actions, are not offered yet; an existing alarm keeps"
                                + " them")
                .permissions(Permissions.on("cloudwatch:{region}:{account}:alarm:{name}"))
                .page("https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html");
    }

    /**
     * CloudWatch rejects alternative forms of a field together. A desired form therefore removes the other form, even
     * if no document owns it.
     */
    private static void exclude(PutMetricAlarmRequest.Builder put, Change<Spec> change) {
        Spec desired = change.spec();
        boolean several = change.touches(Spec::metrics)
                && desired.metrics() != null
                && !desired.metrics().isEmpty();
        boolean one = change.touches(Spec::metricName) && desired.metricName() != null;
        if (several) {
            Wire.overlay(put, desired, ONE_METRIC::contains);
        }
        if (one) {
            Wire.overlay(put, desired, SEVERAL_METRICS::contains);
        }
        if (several || one) {
            put.evaluationCriteria((EvaluationCriteria) null).evaluationInterval(null);
        }
        if (change.touches(Spec::statistic, Spec::extendedStatistic)) {
            Wire.overlay(put, desired, STATISTICS::contains);
        }
        if (change.touches(Spec::threshold, Spec::thresholdMetricId)) {
            Wire.overlay(put, desired, THRESHOLDS::contains);
        }
        PutMetricAlarmRequest merged = put.build();
        if (merged.extendedStatistic() == null) {
            Wire.overlay(put, desired, LOW_SAMPLES::contains);
        }
        // CloudWatch rejects more datapointsToAlarm than evaluationPeriods: a value that no document owns and that no
        // longer fits is removed.
        if (desired.datapointsToAlarm() == null
                && merged.datapointsToAlarm() != null
                && merged.evaluationPeriods() != null
                && merged.datapointsToAlarm() > merged.evaluationPeriods()) {
            put.datapointsToAlarm(null);
        }
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        findings.atMost(
                Spec::evaluationPeriods, spec.evaluationPeriods(), Spec::datapointsToAlarm, spec.datapointsToAlarm());
    }
}
