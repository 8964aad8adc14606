package dev.holdfast.twin.cloudwatch;

import dev.holdfast.twin.store.TwinErrors;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;

/**
 * CloudWatch's rules for the request of a metric alarm.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html">PutMetricAlarm</a>
 */
final class AlarmRequests {
    private static final Set<String> MISSING_DATA = Set.of("breaching", "notBreaching", "ignore", "missing");

    private AlarmRequests() {}

    static void check(PutMetricAlarmRequest r) {
        refuse(
                r.alarmName() == null
                        || r.alarmName().isEmpty()
                        || r.alarmName().length() > 255,
                "AlarmName must be" + " between 1 and 255 characters long");
        refuse(r.evaluationPeriods() == null || r.evaluationPeriods() < 1, "EvaluationPeriods must be at least 1");
        refuse(r.comparisonOperator() == null, "The parameter ComparisonOperator is required");
        refuse(
                r.datapointsToAlarm() != null && r.datapointsToAlarm() > r.evaluationPeriods(),
                "DatapointsToAlarm must be less than or equal to EvaluationPeriods");
        refuse(
                r.treatMissingData() != null && !MISSING_DATA.contains(r.treatMissingData()),
                "Option " + r.treatMissingData() + " is not supported by TreatMissingData");
        refuse(
                r.threshold() == null && r.thresholdMetricId() == null,
                "Exactly one of Threshold or ThresholdMetricId must be specified");
        refuse(
                r.threshold() != null && r.thresholdMetricId() != null,
                "Exactly one of Threshold or ThresholdMetricId must be specified");
        refuse(r.hasMetrics() && r.metrics().isEmpty(), "At least one element of the metrics list should return data.");
        if (!r.hasMetrics()) {
            checkMetric(r);
        } else {
            checkMetrics(r);
        }
        checkActions(r.alarmActions());
        checkActions(r.okActions());
        checkActions(r.insufficientDataActions());
    }

    private static void checkMetric(PutMetricAlarmRequest r) {
        refuse(
                r.metricName() == null || r.namespace() == null,
                "The parameters MetricName and Namespace are required without Metrics");
        refuse(r.period() == null, "The parameter Period is required without Metrics");
        refuse(
                (r.statistic() == null) == (r.extendedStatistic() == null),
                "Exactly one of Statistic or ExtendedStatistic must be specified");
        int period = r.period();
        refuse(
                period != 10 && period != 20 && period != 30 && (period < 60 || period % 60 != 0),
                "Period must be 10, 20, 30 or a multiple of 60");
        int longest = period >= 3600 ? 604_800 : 86_400;
        refuse(
                (long) period * r.evaluationPeriods() > longest,
                "Metrics cannot be checked across more than " + (longest == 86_400 ? "a day" : "seven days")
                        + " (EvaluationPeriods * Period must be <= " + longest + ").");
        refuse(r.dimensions().size() > 30, "The collection Dimensions must not have a size greater than 30.");
        refuse(
                r.evaluateLowSampleCountPercentile() != null && r.extendedStatistic() == null,
                "EvaluateLowSampleCountPercentile is only for alarms on percentiles");
    }

    private static void checkMetrics(PutMetricAlarmRequest r) {
        refuse(
                r.metricName() != null
                        || r.namespace() != null
                        || r.period() != null
                        || r.statistic() != null
                        || r.extendedStatistic() != null
                        || r.hasDimensions(),
                "Metrics must not be used together with MetricName, Namespace, Dimensions, Period, Unit, Statistic"
                        + " or ExtendedStatistic");
        long returning = r.metrics().stream()
                .filter(m -> !Boolean.FALSE.equals(m.returnData()))
                .map(MetricDataQuery::id)
                .filter(id -> !id.equals(r.thresholdMetricId()))
                .count();
        refuse(returning != 1, "Exactly one element of the metrics list should return data.");
    }

    /** An alarm can notify only topics of its own region. https://github.com/cds-snc/notification-terraform/pull/128 */
    static void checkTopics(PutMetricAlarmRequest r, String region) {
        Stream.of(r.alarmActions(), r.okActions(), r.insufficientDataActions())
                .flatMap(List::stream)
                .filter(action -> action.startsWith("arn:aws:sns:"))
                .map(topic -> topic.split(":", -1)[3])
                .filter(other -> !other.equals(region))
                .forEach(other -> {
                    throw validation("Invalid region " + other + " specified. Only " + region + " is supported.");
                });
    }

    private static void checkActions(List<String> actions) {
        refuse(actions.size() > 5, "The collection of actions must not have a size greater than 5.");
        for (String action : actions) {
            refuse(!action.startsWith("arn:"), "Invalid arn syntax: " + action);
        }
    }

    private static void refuse(boolean bad, String message) {
        if (bad) {
            throw validation(message);
        }
    }

    static AwsServiceException validation(String message) {
        return TwinErrors.refused("ValidationError", message);
    }
}
