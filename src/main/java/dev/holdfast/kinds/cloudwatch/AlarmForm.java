package dev.holdfast.kinds.cloudwatch;

import static dev.holdfast.kinds.cloudwatch.Alarms.or;
import static dev.holdfast.kinds.cloudwatch.Alarms.parse;
import static dev.holdfast.kinds.cloudwatch.Alarms.wire;

import dev.holdfast.kinds.cloudwatch.AlarmKind.ComparisonOperator;
import dev.holdfast.kinds.cloudwatch.AlarmKind.Dimension;
import dev.holdfast.kinds.cloudwatch.AlarmKind.LowSampleCount;
import dev.holdfast.kinds.cloudwatch.AlarmKind.Metric;
import dev.holdfast.kinds.cloudwatch.AlarmKind.MetricQuery;
import dev.holdfast.kinds.cloudwatch.AlarmKind.MetricStat;
import dev.holdfast.kinds.cloudwatch.AlarmKind.Spec;
import dev.holdfast.kinds.cloudwatch.AlarmKind.Statistic;
import dev.holdfast.kinds.cloudwatch.AlarmKind.TreatMissingData;
import dev.holdfast.kinds.cloudwatch.AlarmKind.Unit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;

/** An alarm between its spec and CloudWatch's forms of it. */
final class AlarmForm {
    private AlarmForm() {}

    static Spec spec(MetricAlarm alarm, Map<String, String> tags) {
        return new Spec(
                alarm.alarmName(),
                Objects.requireNonNullElse(alarm.alarmDescription(), ""),
                alarm.actionsEnabled(),
                Set.copyOf(alarm.alarmActions()),
                Set.copyOf(alarm.okActions()),
                Set.copyOf(alarm.insufficientDataActions()),
                alarm.namespace(),
                alarm.metricName(),
                dimensions(alarm.dimensions()),
                parse(Statistic.values(), alarm.statisticAsString()),
                alarm.extendedStatistic(),
                alarm.period(),
                parse(Unit.values(), alarm.unitAsString()),
                alarm.evaluationPeriods(),
                alarm.datapointsToAlarm(),
                alarm.threshold(),
                alarm.thresholdMetricId(),
                parse(ComparisonOperator.values(), alarm.comparisonOperatorAsString()),
                parse(TreatMissingData.values(), alarm.treatMissingData()),
                parse(LowSampleCount.values(), alarm.evaluateLowSampleCountPercentile()),
                alarm.metrics().stream().map(AlarmForm::query).toList(),
                tags);
    }

    private static List<Dimension> dimensions(
            List<software.amazon.awssdk.services.cloudwatch.model.Dimension> dimensions) {
        return dimensions.stream().map(d -> new Dimension(d.name(), d.value())).toList();
    }

    private static MetricQuery query(MetricDataQuery q) {
        var stat = q.metricStat();
        return new MetricQuery(
                q.id(),
                stat == null
                        ? null
                        : new MetricStat(
                                new Metric(
                                        stat.metric().namespace(),
                                        stat.metric().metricName(),
                                        dimensions(stat.metric().dimensions())),
                                stat.period(),
                                stat.stat(),
                                parse(Unit.values(), stat.unitAsString())),
                q.expression(),
                q.label(),
                q.returnData(),
                q.period(),
                q.accountId());
    }

    /** The desired fields over the observed ones, less what AWS does not take together with a desired one. */
    static Spec merged(Spec desired, Spec observed) {
        boolean math = desired.metrics() != null && !desired.metrics().isEmpty();
        boolean plain = desired.metricName() != null;
        boolean ownStatistic = desired.statistic() != null || desired.extendedStatistic() != null;
        boolean ownThreshold = desired.threshold() != null || desired.thresholdMetricId() != null;
        Integer periods = or(desired.evaluationPeriods(), observed.evaluationPeriods());
        String extended = math || ownStatistic ? desired.extendedStatistic() : observed.extendedStatistic();
        return new Spec(
                observed.alarmName(),
                or(desired.alarmDescription(), observed.alarmDescription()),
                or(desired.actionsEnabled(), observed.actionsEnabled()),
                or(desired.alarmActions(), observed.alarmActions()),
                or(desired.okActions(), observed.okActions()),
                or(desired.insufficientDataActions(), observed.insufficientDataActions()),
                math ? desired.namespace() : or(desired.namespace(), observed.namespace()),
                math ? desired.metricName() : or(desired.metricName(), observed.metricName()),
                math ? desired.dimensions() : or(desired.dimensions(), observed.dimensions()),
                math || ownStatistic ? desired.statistic() : observed.statistic(),
                extended,
                math ? desired.period() : or(desired.period(), observed.period()),
                math ? desired.unit() : or(desired.unit(), observed.unit()),
                periods,
                or(desired.datapointsToAlarm(), fitting(observed.datapointsToAlarm(), periods)),
                ownThreshold ? desired.threshold() : observed.threshold(),
                ownThreshold ? desired.thresholdMetricId() : observed.thresholdMetricId(),
                or(desired.comparisonOperator(), observed.comparisonOperator()),
                or(desired.treatMissingData(), observed.treatMissingData()),
                extended == null
                        ? desired.evaluateLowSampleCountPercentile()
                        : or(desired.evaluateLowSampleCountPercentile(), observed.evaluateLowSampleCountPercentile()),
                plain ? desired.metrics() : or(desired.metrics(), observed.metrics()),
                null);
    }

    /** "M out of N" where N is ours and M nobody's: an M that no longer fits would be refused. */
    private static @Nullable Integer fitting(@Nullable Integer datapoints, @Nullable Integer periods) {
        return datapoints != null && periods != null && datapoints > periods ? null : datapoints;
    }

    static PutMetricAlarmRequest.Builder put(Spec spec) {
        return PutMetricAlarmRequest.builder()
                .alarmName(spec.alarmName())
                .alarmDescription("".equals(spec.alarmDescription()) ? null : spec.alarmDescription())
                .actionsEnabled(spec.actionsEnabled())
                .alarmActions(spec.alarmActions())
                .okActions(spec.okActions())
                .insufficientDataActions(spec.insufficientDataActions())
                .namespace(spec.namespace())
                .metricName(spec.metricName())
                .dimensions(dimensionsToSend(spec.dimensions()))
                .statistic(wire(spec.statistic()))
                .extendedStatistic(spec.extendedStatistic())
                .period(spec.period())
                .unit(wire(spec.unit()))
                .evaluationPeriods(spec.evaluationPeriods())
                .datapointsToAlarm(spec.datapointsToAlarm())
                .threshold(spec.threshold())
                .thresholdMetricId(spec.thresholdMetricId())
                .comparisonOperator(wire(spec.comparisonOperator()))
                .treatMissingData(wire(spec.treatMissingData()))
                .evaluateLowSampleCountPercentile(wire(spec.evaluateLowSampleCountPercentile()))
                .metrics(
                        spec.metrics() == null
                                ? List.of()
                                : spec.metrics().stream().map(AlarmForm::toSend).toList());
    }

    private static List<software.amazon.awssdk.services.cloudwatch.model.Dimension> dimensionsToSend(
            @Nullable List<Dimension> dimensions) {
        return dimensions == null
                ? List.of()
                : dimensions.stream()
                        .map(d -> software.amazon.awssdk.services.cloudwatch.model.Dimension.builder()
                                .name(d.name())
                                .value(d.value())
                                .build())
                        .toList();
    }

    private static MetricDataQuery toSend(MetricQuery q) {
        MetricDataQuery.Builder query = MetricDataQuery.builder()
                .id(q.id())
                .expression(q.expression())
                .label(q.label())
                .returnData(q.returnData())
                .period(q.period())
                .accountId(q.accountId());
        MetricStat stat = q.metricStat();
        if (stat != null && stat.metric() != null) {
            Metric metric = stat.metric();
            query.metricStat(s -> s.period(stat.period())
                    .stat(stat.stat())
                    .unit(wire(stat.unit()))
                    .metric(m -> m.namespace(metric.namespace())
                            .metricName(metric.metricName())
                            .dimensions(dimensionsToSend(metric.dimensions()))));
        }
        return query.build();
    }
}
