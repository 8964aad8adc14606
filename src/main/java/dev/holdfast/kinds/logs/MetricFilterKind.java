package dev.holdfast.kinds.logs;

import static dev.holdfast.kind.OwnershipForm.PARENT;
import static dev.holdfast.model.Fault.Category.CONFLICT;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteMetricFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricFilter;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutMetricFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.StandardUnit;

/** A metric filter, which derives a metric from the events of a log group. It is deleted with its log group. */
@Singleton
public final class MetricFilterKind extends DeclaredKind<MetricFilterKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html">PutMetricFilter</a> */
    public record Spec(
            @Doc("The name, unique in the log group; all characters but : and * .")
            @PhysicalName(max = 512, also = " !\"#$%&'()+,./;<=>?@[\\]^_`{|}~")
            String filterName,

            @Doc("The log group whose events are counted.") @Required @Immutable @Ref("LogGroup")
            String logGroupName,

            @Doc("The events that match, as a filter pattern of CloudWatch Logs; empty: all events.") @Required
            String filterPattern,

            @Doc("The metric that receives a value for each matching event; AWS accepts exactly one.")
            @Required
            @Key({"metricNamespace", "metricName"})
            List<MetricTransformation> metricTransformations,

            @Doc("Whether the filter reads the events after the log group's transformer has changed them.") @EmptyIsNone
            Boolean applyOnTransformedLogs,

            @Doc("The accounts and regions of centralized logs that count: @aws.region = \"eu-west-2\"; empty: all.")
            @EmptyIsNone
            String fieldSelectionCriteria,

            @Doc("The system fields that become additional dimensions: @aws.account and @aws.region.")
            @EmptyIsNone
            @Offers({"@aws.account", "@aws.region"})
            Set<String> emitSystemFieldDimensions) {}

    /** The metric, and its value for each event that matches. */
    public record MetricTransformation(
            @Doc("The metric's name.") @Required String metricName,
            @Doc("The metric's namespace.") @Required String metricNamespace,

            @Doc("The value for each event: a number, or a field of the event, as in $.latency.") @Required
            String metricValue,

            @Doc("The value of a minute in which no event matches; not together with dimensions.")
            Double defaultValue,

            @Doc("The dimensions by name, at most three, each with the event field that holds its value, such as"
                    + " $.service. AWS disables a filter whose fields have a thousand values within an hour.")
            @EmptyIsNone
            Map<String, String> dimensions,

            @Doc("The metric's unit; the default is None.") StandardUnit unit) {
        public MetricTransformation {
            dimensions = dimensions == null ? Map.of() : dimensions;
            unit = unit == null ? StandardUnit.NONE : unit;
        }
    }

    /**
     * One list reads all filters of the account, 50 per page: a list per log group would cost one request per group.
     */
    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("MetricFilter", Spec.class, CloudWatchLogsClient.class, PARENT)
                .description("A metric derived from the events of a log group, such as a count of errors.")
                .lists(logs ->
                        logs.describeMetricFiltersPaginator(r -> r.limit(50)).metricFilters())
                .id(MetricFilterKind::id)
                .name(MetricFilter::filterName)
                .within((desired, filter) -> filter.logGroupName().equals(desired.logGroupName()))
                .state((known, filter) -> known.createdAt(Values.of(filter.creationTime(), Instant::ofEpochMilli)))
                .createsIdentified(
                        PutMetricFilterRequest::builder,
                        CloudWatchLogsClient::putMetricFilter,
                        desired -> desired.logGroupName() + ":" + desired.filterName())
                .overlays(PutMetricFilterRequest::builder, (logs, put) -> logs.putMetricFilter(valid(put)))
                .deletes(DeleteMetricFilterRequest::builder, CloudWatchLogsClient::deleteMetricFilter)
                .output("filterName", "Its name.", MetricFilter::filterName)
                .output(
                        "metricName",
                        "The metric's name, as alarms need it.",
                        f -> f.metricTransformations().getFirst().metricName())
                .output(
                        "metricNamespace",
                        "The metric's namespace.",
                        f -> f.metricTransformations().getFirst().metricNamespace())
                .info(info -> info.hangsAt("LogGroup", Spec::logGroupName))
                .fault("OperationAbortedException", CONFLICT)
                // A filter has no ARN, so that the log group carries the tag.
                .permissions(Permissions.on("logs:{region}:{account}:log-group:*")
                        .changes("logs:PutMetricFilter", "logs:DeleteMetricFilter"))
                .page("https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html");
    }

    /** The name of a filter is unique only in its log group. Neither name can contain a colon. */
    private static String id(MetricFilter filter) {
        return Listings.required(filter.logGroupName(), "a MetricFilter without its log group") + ":"
                + Listings.required(filter.filterName(), "a MetricFilter without its name");
    }

    /** A default value that no document sets survives a change, but AWS rejects a default value with dimensions. */
    private static PutMetricFilterRequest valid(PutMetricFilterRequest put) {
        return put.toBuilder()
                .metricTransformations(put.metricTransformations().stream()
                        .map(t -> t.dimensions().isEmpty()
                                ? t
                                : t.toBuilder().defaultValue(null).build())
                        .toList())
                .build();
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        List<MetricTransformation> all = spec.metricTransformations();
        if (all != null && all.size() != 1) {
            findings.wrong(Spec::metricTransformations, "expected one, found " + all.size(), "declare several filters");
        } else if (all != null
                && all.getFirst().defaultValue() != null
                && !Map.of().equals(all.getFirst().dimensions())) {
            findings.wrong(
                    Spec::metricTransformations,
                    "dimensions exclude a defaultValue",
                    "remove either dimensions or defaultValue");
        }
    }
}
