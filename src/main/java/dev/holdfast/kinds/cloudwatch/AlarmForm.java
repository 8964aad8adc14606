package dev.holdfast.kinds.cloudwatch;

import static dev.holdfast.kinds.cloudwatch.Alarms.parse;
import static dev.holdfast.kinds.cloudwatch.Alarms.wire;

import dev.holdfast.kind.Change;
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

    /**
     * The whole alarm: desired fields that differ over observed ones, which nobody may lose, less what CloudWatch does not
     * take together with a desired one.
     */
    static Spec merged(Change<Spec> change) {
        Spec desired = change.spec();
        boolean math = change.touches(Spec::metrics) && notEmpty(desired.metrics());
        boolean plain = change.touches(Spec::metricName) && desired.metricName() != null;
        // A change of what an alarm looks at, or between the two forms of one thing: the other form goes.
        Spec observed = math
                ? withoutMetric(change.observed().spec())
                : change.observed().spec();
        boolean statistic = change.touches(Spec::statistic, Spec::extendedStatistic);
        boolean threshold = change.touches(Spec::threshold, Spec::thresholdMetricId);
        Integer periods = change.merged(Spec::evaluationPeriods);
        Integer datapoints = change.merged(Spec::datapointsToAlarm);
        String extended = statistic ? desired.extendedStatistic() : observed.extendedStatistic();
        return new Spec(
                observed.alarmName(),
                change.merged(Spec::alarmDescription),
                change.merged(Spec::actionsEnabled),
                change.merged(Spec::alarmActions),
                change.merged(Spec::okActions),
                change.merged(Spec::insufficientDataActions),
                change.touches(Spec::namespace) ? desired.namespace() : observed.namespace(),
                change.touches(Spec::metricName) ? desired.metricName() : observed.metricName(),
                change.touches(Spec::dimensions) ? desired.dimensions() : observed.dimensions(),
                statistic ? desired.statistic() : observed.statistic(),
                extended,
                change.touches(Spec::period) ? desired.period() : observed.period(),
                change.touches(Spec::unit) ? desired.unit() : observed.unit(),
                periods,
                fitting(datapoints, periods, desired),
                threshold ? desired.threshold() : observed.threshold(),
                threshold ? desired.thresholdMetricId() : observed.thresholdMetricId(),
                change.merged(Spec::comparisonOperator),
                change.merged(Spec::treatMissingData),
                extended == null
                        ? desired.evaluateLowSampleCountPercentile()
                        : change.merged(Spec::evaluateLowSampleCountPercentile),
                plain ? desired.metrics() : change.merged(Spec::metrics),
                null);
    }

    private static Spec withoutMetric(Spec s) {
        return new Spec(
                s.alarmName(),
                s.alarmDescription(),
                s.actionsEnabled(),
                s.alarmActions(),
                s.okActions(),
                s.insufficientDataActions(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                s.evaluationPeriods(),
                s.datapointsToAlarm(),
                s.threshold(),
                s.thresholdMetricId(),
                s.comparisonOperator(),
                s.treatMissingData(),
                s.evaluateLowSampleCountPercentile(),
                s.metrics(),
                s.tags());
    }

    private static boolean notEmpty(@Nullable List<?> list) {
        return list != null && !list.isEmpty();
    }

    /** "M out of N" where N is ours and M nobody's: an M that no longer fits would be refused. */
    private static @Nullable Integer fitting(@Nullable Integer datapoints, @Nullable Integer periods, Spec desired) {
        boolean nobodys = desired.datapointsToAlarm() == null;
        return nobodys && datapoints != null && periods != null && datapoints > periods ? null : datapoints;
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
                .dimensions(someOrNull(dimensionsToSend(spec.dimensions())))
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
                .metrics(someOrNull(
                        spec.metrics() == null
                                ? List.of()
                                : spec.metrics().stream().map(AlarmForm::toSend).toList()));
    }

    /** One metric and several exclude each other: neither is sent beside the other, not even as an empty list. */
    private static <T> @Nullable List<T> someOrNull(List<T> list) {
        return list.isEmpty() ? null : list;
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
