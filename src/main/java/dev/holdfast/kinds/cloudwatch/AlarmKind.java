package dev.holdfast.kinds.cloudwatch;

import static dev.holdfast.kind.OwnershipForm.TAG;

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
            @Doc("The name.") @PhysicalName(max = 255, also = " _./:")
            String alarmName,

            @Doc("What it means, for people.") @EmptyIsNone String alarmDescription,

            @Doc("Whether a change of state does anything.") Boolean actionsEnabled,

            @Doc("ARNs of what happens on ALARM: topics, scaling policies, functions; at most 5.")
            Set<String> alarmActions,

            @Doc("ARNs of what happens on OK.") Set<String> okActions,

            @Doc("ARNs of what happens when data is missing.")
            Set<String> insufficientDataActions,

            @Doc("The metric's namespace; not together with metrics.")
            String namespace,

            @Doc("The metric's name; not together with metrics.")
            String metricName,

            @Doc("What tells this metric from others of its name.") @Key("name") @EmptyIsNone
            List<Dimension> dimensions,

            @Doc("How the values of a period become one.") Statistic statistic,

            @Doc("Instead of statistic: a percentile and the like, p99.") @Excludes("statistic")
            String extendedStatistic,

            @Doc("The length of a period in seconds: 10, 20, 30 or a multiple of 60.")
            Integer period,

            @Doc("Only values in this unit count; rarely of use.")
            StandardUnit unit,

            @Doc("How many periods are looked at.") @Required
            Integer evaluationPeriods,

            @Doc("How many of them must be over the threshold; all, if it is not said.")
            Integer datapointsToAlarm,

            @Doc("What the value is compared with.") Double threshold,

            @Doc("For an alarm on anomalies: the id in metrics of the band.") @Excludes("threshold")
            String thresholdMetricId,

            @Doc("How the value is compared.") @Required ComparisonOperator comparisonOperator,

            @Doc("What a period without data counts as.") @Offers({"breaching", "notBreaching", "ignore", "missing"})
            String treatMissingData,

            @Doc("For percentiles: what few samples count as, evaluate or ignore.") @Offers({"evaluate", "ignore"})
            String evaluateLowSampleCountPercentile,

            @Doc("Instead of one metric: several, and expressions over them, one of which returns data.")
            @Key("id")
            @EmptyIsNone
            @Excludes({"metricName", "namespace", "dimensions", "statistic", "extendedStatistic", "period", "unit"})
            List<MetricQuery> metrics,

            @Doc("How long the alarm waits for data after it was created.")
            WarmUp warmUpConfiguration,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_WarmUpConfiguration.html">WarmUp</a> */
    public record WarmUp(
            @Doc("How many minutes the alarm stays in INSUFFICIENT_DATA.") @Required @Range(min = 1, max = 2880)
            Integer warmUpPeriodDurationInMinutes,

            @Doc("Whether it waits to the end though data has come; false in AWS if absent.")
            Boolean onlyStartEvaluatingAfterWarmUpPeriodEnds) {}

    /** One dimension of a metric. */
    public record Dimension(
            @Doc("The name, ClusterName.") @Required String name,

            @Doc("The value.") @Required String value) {}

    /** A metric or an expression, under a name of its own. */
    @OneOf({"metricStat", "expression"})
    public record MetricQuery(
            @Doc("The name that expressions use; begins with a small letter.") @Required
            String id,

            @Doc("A metric; not together with expression.") MetricStat metricStat,

            @Doc("An expression over the others.") String expression,
            @Doc("What it is called in graphs.") String label,

            @Doc("Whether this is what the alarm looks at.") Boolean returnData,

            @Doc("The length of a period in seconds, for expressions.")
            Integer period,

            @Doc("The account that the metric is in.") String accountId) {
        public MetricQuery {
            // As CloudWatch takes it:
            // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
            returnData = returnData == null || returnData;
        }
    }

    /** A metric and how its values become one. */
    public record MetricStat(
            @Doc("The metric.") @Required Metric metric,

            @Doc("The length of a period in seconds.") @Required
            Integer period,

            @Doc("The statistic, Sum or p99.") @Required String stat,

            @Doc("Only values in this unit count.") StandardUnit unit) {}

    /** A metric by name. */
    public record Metric(
            @Doc("The namespace.") @Required String namespace,
            @Doc("The name.") @Required String metricName,
            @Doc("The dimensions.") @Key("name") List<Dimension> dimensions) {
        public Metric {
            dimensions = dimensions == null ? List.of() : dimensions;
        }
    }

    /** What describes the one metric, which no alarm on several metrics has. */
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
        return Recipe.of(
                        "Alarm",
                        Spec.class,
                        CloudWatchClient.class,
                        TAG,
                        "An alarm on one metric, or on an expression over several.")
                .listsByName(
                        AlarmTags.BATCH,
                        (cloudWatch, names) -> cloudWatch
                                .describeAlarmsPaginator(r -> r.alarmNames(names)
                                        .alarmTypes(AlarmType.METRIC_ALARM)
                                        .maxRecords(AlarmTags.BATCH))
                                .metricAlarms(),
                        AlarmTags.TAGGING)
                .named(MetricAlarm::alarmName)
                .arn(MetricAlarm::alarmArn)
                .createsNamed(PutMetricAlarmRequest::builder, CloudWatchClient::putMetricAlarm)
                .overwrites(PutMetricAlarmRequest::builder, read, AlarmKind::exclude, CloudWatchClient::putMetricAlarm)
                .deletes((cloudWatch, name) -> cloudWatch.deleteAlarms(r -> r.alarmNames(name)))
                .output("name", "Its name, as composite alarms and deployments want it.", MetricAlarm::alarmName)
                .output("arn", "Its ARN.", MetricAlarm::alarmArn)
                .leavesOut(
                        "EvaluationCriteria, EvaluationInterval",
                        "AWS takes a PromQL query without nearly all of the other fields; alarms on one are not offered yet, and keep it")
                .leavesOut(
                        "ActionConfiguration, EvaluationWindow",
                        "windows by the clock, and tags that go with the actions, are not offered yet; an alarm keeps them")
                .permissions(Permissions.on("cloudwatch:{region}:{account}:alarm:{name}"))
                .page("https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html");
    }

    /** CloudWatch takes one form of a thing only: where a desired form is sent, the other one goes, though it is not owned. */
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
        // "M out of N" where N is owned and M is not: CloudWatch refuses an M that no longer fits.
        if (desired.datapointsToAlarm() == null
                && merged.datapointsToAlarm() != null
                && merged.evaluationPeriods() != null
                && merged.datapointsToAlarm() > merged.evaluationPeriods()) {
            put.datapointsToAlarm(null);
        }
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        if (spec.datapointsToAlarm() != null
                && spec.evaluationPeriods() != null
                && spec.datapointsToAlarm() > spec.evaluationPeriods()) {
            findings.wrong(
                    Spec::datapointsToAlarm,
                    "expected at most evaluationPeriods, " + spec.evaluationPeriods() + ", found "
                            + spec.datapointsToAlarm(),
                    "lower the one or raise the other");
        }
    }
}
