package dev.holdfast.twin.cloudwatch;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsResponse;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;
import software.amazon.awssdk.services.cloudwatch.model.MissingRequiredParameterException;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.cloudwatch.model.StatusCode;

/**
 * The metrics of {@link TwinCloudWatch}, with the last data points of each. It does not support queries by expression.
 * A new metric appears in ListMetrics at once, not after a quarter of an hour.
 *
 * <p>https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
final class TwinMetrics {
    private static final int DATA = 1000;
    private static final int DIMENSIONS = 30;
    private static final int VALUES = 150;
    private static final double LARGEST = Math.pow(2, 360);
    private static final Duration OLDEST = Duration.ofDays(14);
    private static final Duration NEWEST = Duration.ofHours(2);
    private static final int KEPT = 2000;

    private record Series(String namespace, String name, Map<String, String> dimensions) {
        static Series of(Metric metric) {
            return new Series(metric.namespace(), metric.metricName(), map(metric.dimensions()));
        }

        static Map<String, String> map(List<Dimension> dimensions) {
            return dimensions.stream()
                    .collect(Collectors.toMap(Dimension::name, Dimension::value, (a, b) -> b, TreeMap::new));
        }

        Metric metric() {
            return Metric.builder()
                    .namespace(namespace)
                    .metricName(name)
                    .dimensions(SdkShapes.pairs(dimensions, Dimension::builder))
                    .build();
        }
    }

    private record Point(Instant at, double value, StandardUnit unit) {}

    private final TwinContext context;
    private final Map<String, Series> series = new TreeMap<>();
    private final Map<Series, List<Point>> points = new java.util.HashMap<>();

    TwinMetrics(TwinContext context) {
        this.context = context;
    }

    PutMetricDataResponse put(PutMetricDataRequest r) {
        check(r);
        for (MetricDatum datum : r.metricData()) {
            Series one = new Series(r.namespace(), datum.metricName(), Series.map(datum.dimensions()));
            series.putIfAbsent(one.toString(), one);
            List<Point> all = points.computeIfAbsent(one, s -> new ArrayList<>());
            Instant at = datum.timestamp() == null ? context.now() : datum.timestamp();
            StandardUnit unit = datum.unit() == null ? StandardUnit.NONE : datum.unit();
            values(datum).forEach(value -> all.add(new Point(at, value, unit)));
            if (all.size() > KEPT) {
                all.subList(0, all.size() - KEPT).clear();
            }
        }
        return PutMetricDataResponse.builder().build();
    }

    private static List<Double> values(MetricDatum datum) {
        if (datum.value() != null) {
            return List.of(datum.value());
        }
        return IntStream.range(0, datum.values().size())
                .boxed()
                .flatMap(i -> {
                    int times =
                            datum.counts().isEmpty() ? 1 : datum.counts().get(i).intValue();
                    return java.util.Collections.nCopies(times, datum.values().get(i)).stream();
                })
                .toList();
    }

    private void check(PutMetricDataRequest r) {
        if (r.namespace() == null || r.namespace().isBlank()) {
            throw missing("The parameter Namespace is required.");
        }
        if (r.namespace().startsWith("AWS/")) {
            throw invalid("The value AWS/ for parameter Namespace is invalid: it is reserved.");
        }
        if (r.metricData().isEmpty()) {
            throw missing("The parameter MetricData is required.");
        }
        if (r.metricData().size() > DATA) {
            throw invalid("The collection MetricData must not have a size greater than " + DATA + ".");
        }
        r.metricData().forEach(this::check);
    }

    private void check(MetricDatum datum) {
        if (datum.metricName() == null || datum.metricName().isEmpty()) {
            throw missing("The parameter MetricData.member.MetricName is required.");
        }
        if (datum.dimensions().size() > DIMENSIONS || datum.values().size() > VALUES) {
            throw invalid("A collection of MetricData is too large.");
        }
        if (datum.dimensions().stream()
                .anyMatch(
                        d -> d.name() == null || d.value() == null || d.value().isBlank())) {
            throw invalid("A dimension needs a name and a value.");
        }
        if (datum.value() == null && datum.values().isEmpty() && datum.statisticValues() == null) {
            throw missing("At least one of Value, Values, StatisticValues is required.");
        }
        if (values(datum).stream().anyMatch(v -> v.isNaN() || Math.abs(v) > LARGEST)) {
            throw invalid("A value is not a number, or too large.");
        }
        Instant at = datum.timestamp();
        if (at != null
                && (at.isBefore(context.now().minus(OLDEST))
                        || at.isAfter(context.now().plus(NEWEST)))) {
            throw invalid("The timestamp is more than two weeks old, or two hours ahead.");
        }
    }

    private static AwsServiceException missing(String message) {
        return TwinErrors.refused(MissingRequiredParameterException.builder(), "MissingParameter", message);
    }

    private static AwsServiceException invalid(String message) {
        return TwinErrors.refused(InvalidParameterValueException.builder(), "InvalidParameterValue", message);
    }

    /** @return the last value, or null if the metric has none */
    @Nullable
    Double last(String namespace, String metric, Map<String, String> dimensions) {
        List<Point> all = points.get(new Series(namespace, metric, new TreeMap<>(dimensions)));
        return all == null ? null : all.getLast().value();
    }

    ListMetricsResponse list(ListMetricsRequest r) {
        List<Metric> all = series.values().stream()
                .filter(s -> r.namespace() == null || s.namespace().equals(r.namespace()))
                .filter(s -> r.metricName() == null || s.name().equals(r.metricName()))
                .filter(s -> r.dimensions().stream()
                        .allMatch(d -> s.dimensions().containsKey(d.name())
                                && (d.value() == null
                                        || d.value().equals(s.dimensions().get(d.name())))))
                .map(Series::metric)
                .toList();
        return context.page(r, ListMetricsResponse.builder(), all, 500);
    }

    GetMetricDataResponse get(GetMetricDataRequest r) {
        return GetMetricDataResponse.builder()
                .metricDataResults(r.metricDataQueries().stream()
                        .map(q -> result(q, r.startTime(), r.endTime()))
                        .toList())
                .build();
    }

    /** The newest values come first, as in AWS unless the request sets another order. */
    private MetricDataResult result(MetricDataQuery query, Instant start, Instant end) {
        MetricStat stat = query.metricStat();
        if (stat == null) {
            throw AlarmRequests.validation("The twin knows no expressions: " + query.expression());
        }
        Map<Instant, DoubleSummaryStatistics> buckets = new TreeMap<>(java.util.Comparator.reverseOrder());
        for (Point point : points.getOrDefault(Series.of(stat.metric()), List.of())) {
            boolean asked = stat.unit() == null || stat.unit() == point.unit();
            if (asked && !point.at().isBefore(start) && point.at().isBefore(end)) {
                long second = point.at().getEpochSecond();
                Instant bucket = Instant.ofEpochSecond(second - Math.floorMod(second, stat.period()));
                buckets.computeIfAbsent(bucket, b -> new DoubleSummaryStatistics())
                        .accept(point.value());
            }
        }
        return MetricDataResult.builder()
                .id(query.id())
                .label(stat.metric().metricName())
                .statusCode(StatusCode.COMPLETE)
                .timestamps(buckets.keySet())
                .values(buckets.values().stream().map(b -> of(stat.stat(), b)).toList())
                .build();
    }

    private static double of(String statistic, DoubleSummaryStatistics bucket) {
        return switch (statistic) {
            case "Average" -> bucket.getAverage();
            case "Sum" -> bucket.getSum();
            case "Minimum" -> bucket.getMin();
            case "Maximum" -> bucket.getMax();
            case "SampleCount" -> bucket.getCount();
            default -> throw AlarmRequests.validation("The twin knows no statistic " + statistic);
        };
    }
}
