package dev.holdfast.kinds.cloudwatch;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Wanted;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/** An alarm on one metric, or on an expression over several. */
@Singleton
public final class AlarmKind implements Kind<AlarmKind.Spec> {
    /**
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html">PutMetricAlarm</a>
     */
    public record Spec(
            @Doc("The name.") @PhysicalName(max = 255, also = " _./:") @Nullable
            String alarmName,

            @Doc("What it means, for people.") @Nullable String alarmDescription,

            @Doc("Whether a change of state does anything.") @Nullable
            Boolean actionsEnabled,

            @Doc("ARNs of what happens on ALARM: topics, scaling policies, functions; at most 5.") @Nullable
            Set<String> alarmActions,

            @Doc("ARNs of what happens on OK.") @Nullable Set<String> okActions,

            @Doc("ARNs of what happens when data is missing.") @Nullable
            Set<String> insufficientDataActions,

            @Doc("The metric's namespace; not together with metrics.") @Nullable
            String namespace,

            @Doc("The metric's name; not together with metrics.") @Nullable
            String metricName,

            @Doc("What tells this metric from others of its name.") @Key("name") @Nullable
            List<Dimension> dimensions,

            @Doc("How the values of a period become one.") @Nullable
            Statistic statistic,

            @Doc("Instead of statistic: a percentile and the like, p99.") @Nullable
            String extendedStatistic,

            @Doc("The length of a period in seconds: 10, 20, 30 or a multiple of 60.") @Nullable
            Integer period,

            @Doc("Only values in this unit count; rarely of use.") @Nullable
            Unit unit,

            @Doc("How many periods are looked at.") @Required @Nullable
            Integer evaluationPeriods,

            @Doc("How many of them must be over the threshold; all, if it is not said.") @Nullable
            Integer datapointsToAlarm,

            @Doc("What the value is compared with.") @Nullable
            Double threshold,

            @Doc("For an alarm on anomalies: the id in metrics of the band.") @Nullable
            String thresholdMetricId,

            @Doc("How the value is compared.") @Required @Nullable
            ComparisonOperator comparisonOperator,

            @Doc("What a period without data counts as.") @Nullable
            TreatMissingData treatMissingData,

            @Doc("For percentiles: what few samples count as, evaluate or ignore.") @Nullable
            LowSampleCount evaluateLowSampleCountPercentile,

            @Doc("Instead of one metric: several, and expressions over them, one of which returns data.")
            @Key("id")
            @Nullable
            List<MetricQuery> metrics,

            @Doc("Tags.") @TagMap @Slow("tags") @Nullable Map<String, String> tags) {}

    /** One dimension of a metric. */
    public record Dimension(
            @Doc("The name, ClusterName.") @Required @Nullable
            String name,

            @Doc("The value.") @Required @Nullable String value) {}

    /** A metric or an expression, under a name of its own. */
    public record MetricQuery(
            @Doc("The name that expressions use; begins with a small letter.") @Required @Nullable
            String id,

            @Doc("A metric; not together with expression.") @Nullable
            MetricStat metricStat,

            @Doc("An expression over the others.") @Nullable String expression,
            @Doc("What it is called in graphs.") @Nullable String label,

            @Doc("Whether this is what the alarm looks at.") @Nullable
            Boolean returnData,

            @Doc("The length of a period in seconds, for expressions.") @Nullable
            Integer period,

            @Doc("The account that the metric is in.") @Nullable
            String accountId) {
        public MetricQuery {
            // As CloudWatch takes it:
            // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
            returnData = returnData == null || returnData;
        }
    }

    /** A metric and how its values become one. */
    public record MetricStat(
            @Doc("The metric.") @Required @Nullable Metric metric,

            @Doc("The length of a period in seconds.") @Required @Nullable
            Integer period,

            @Doc("The statistic, Sum or p99.") @Required @Nullable
            String stat,

            @Doc("Only values in this unit count.") @Nullable
            Unit unit) {}

    /** A metric by name. */
    public record Metric(
            @Doc("The namespace.") @Required @Nullable String namespace,
            @Doc("The name.") @Required @Nullable String metricName,
            @Doc("The dimensions.") @Key("name") @Nullable List<Dimension> dimensions) {
        public Metric {
            dimensions = dimensions == null ? List.of() : dimensions;
        }
    }

    public enum Statistic {
        SampleCount,
        Average,
        Sum,
        Minimum,
        Maximum
    }

    public enum ComparisonOperator {
        GreaterThanOrEqualToThreshold,
        GreaterThanThreshold,
        LessThanThreshold,
        LessThanOrEqualToThreshold,
        LessThanLowerOrGreaterThanUpperThreshold,
        LessThanLowerThreshold,
        GreaterThanUpperThreshold
    }

    public enum TreatMissingData {
        breaching,
        notBreaching,
        ignore,
        missing
    }

    public enum LowSampleCount {
        evaluate,
        ignore
    }

    /** Units of metrics. */
    public enum Unit {
        Seconds,
        Microseconds,
        Milliseconds,
        Bytes,
        Kilobytes,
        Megabytes,
        Gigabytes,
        Terabytes,
        Bits,
        Kilobits,
        Megabits,
        Gigabits,
        Terabits,
        Percent,
        Count,
        Bytes_Second,
        Kilobytes_Second,
        Megabytes_Second,
        Gigabytes_Second,
        Terabytes_Second,
        Bits_Second,
        Kilobits_Second,
        Megabits_Second,
        Gigabits_Second,
        Terabits_Second,
        Count_Second,
        None;

        @JsonValue
        @Override
        public String toString() {
            return name().replace('_', '/');
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("Alarm", Spec.class, OwnershipForm.TAG)
                .description("An alarm on one metric, or on an expression over several.")
                .output("name", "Its name, as composite alarms and deployments want it.")
                .output("arn", "Its ARN.")
                .page("https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html")
                .permissions(Permissions.on("cloudwatch:{region}:{account}:alarm:{name}")
                        .lists("cloudwatch:DescribeAlarms")
                        .reads("cloudwatch:ListTagsForResource")
                        .creates("cloudwatch:PutMetricAlarm")
                        .tags("cloudwatch:TagResource", "cloudwatch:UntagResource")
                        .changes("cloudwatch:DeleteAlarms"))
                .build();
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        boolean one = findings.known(Spec::metricName) || findings.known(Spec::namespace);
        if (findings.known(Spec::metrics) && one) {
            findings.wrong(Spec::metrics, "expected metricName or metrics, found both", "leave one out");
        }
        if (findings.known(Spec::statistic) && findings.known(Spec::extendedStatistic)) {
            findings.wrong(
                    Spec::extendedStatistic, "expected statistic or extendedStatistic, found both", "leave one out");
        }
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

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Map<String, Wanted<Spec>> wanted = Alarms.wanted(scope);
        List<MetricAlarm> alarms =
                Alarms.read(scope, AlarmType.METRIC_ALARM, wanted.keySet(), DescribeAlarmsResponse::metricAlarms);
        return scope.each(
                alarms,
                alarm -> Alarms.identify(alarm.alarmName(), wanted.get(alarm.alarmName())),
                (alarm, identity) -> observed(scope, alarm, identity, wanted.get(alarm.alarmName())));
    }

    private static Known<Spec> observed(
            Scope<Spec> scope, MetricAlarm alarm, Identity identity, @Nullable Wanted<Spec> wanted) {
        Spec desired = wanted == null ? null : wanted.desired();
        Map<String, String> tags =
                Alarms.tags(scope, alarm.alarmArn(), alarm.alarmName(), desired == null ? null : desired.tags());
        return Known.of(identity.belongingTo(null).tagged(tags), AlarmForm.spec(alarm, tags))
                .output("name", alarm.alarmName())
                .output("arn", alarm.alarmArn());
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        desired.client(CloudWatchClient.class)
                .putMetricAlarm(AlarmForm.put(desired.spec())
                        .tags(Alarms.tags(desired.spec().tags()))
                        .build());
        return Objects.requireNonNull(desired.spec().alarmName());
    }

    /** One call overwrites the whole alarm and ignores its tags. */
    @Override
    public void update(Change<Spec> change) {
        if (Alarms.differs(change, Spec::tags)) {
            change.client(CloudWatchClient.class)
                    .putMetricAlarm(AlarmForm.put(AlarmForm.merged(change))
                            .alarmName(change.physicalId())
                            .build());
        }
        Alarms.updateTags(change, Spec::tags);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(observed.physicalId()));
    }
}
