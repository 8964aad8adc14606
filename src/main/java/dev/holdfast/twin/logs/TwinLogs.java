package dev.holdfast.twin.logs;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/**
 * The twin of CloudWatch Logs, with the calls that the kinds need: log groups without logs, metric filters and
 * subscription filters.
 */
public final class TwinLogs implements CloudWatchLogsClient, TwinService {
    private static final Pattern NAME = Pattern.compile("[.\\-_/#A-Za-z0-9]{1,512}");
    /** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
    private static final Set<Integer> RETENTIONS = Set.of(
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653);

    private final TwinContext context;
    private final ResourceStore<LogGroup, LogGroup.Builder> groups;
    private final ResourceStore<MetricFilter, MetricFilter.Builder> filters;
    private final ResourceStore<SubscriptionFilter, SubscriptionFilter.Builder> subscriptions;

    public TwinLogs(TwinContext context) {
        this.context = context;
        this.groups = context.store(LogGroup::builder, LogGroup::logGroupName)
                .type("logs:log-group")
                .arn(LogGroup::logGroupArn)
                .missing(name -> named(ResourceNotFoundException.builder(), "The specified log group does not exist."))
                .pages(50)
                .tagRules(TagRules.of(
                        () -> named(TooManyTagsException.builder(), "The number of tags exceeds the limit of 50"),
                        key -> invalid("Tag keys that begin with aws: are reserved")))
                .shows((group, shown) ->
                        shown.metricFilterCount((int) filtersOf(group.id()).count()));
        this.filters = context.store(MetricFilter::builder, f -> id(f.logGroupName(), f.filterName()))
                .type("logs:metric-filter")
                .missing(
                        id -> named(ResourceNotFoundException.builder(), "The specified metric filter does not exist."))
                .pages(50);
        this.subscriptions = context.store(SubscriptionFilter::builder, f -> id(f.logGroupName(), f.filterName()))
                .type("logs:subscription-filter")
                .missing(id ->
                        named(ResourceNotFoundException.builder(), "The specified subscription filter does not exist."))
                .pages(50);
    }

    /** Whether this log group exists, so that a service can write to it. */
    public boolean exists(String logGroup) {
        return groups.has(logGroup);
    }

    @Override
    public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest r) {
        String name = String.valueOf(r.logGroupName());
        if (r.logGroupName() == null || !NAME.matcher(name).matches()) {
            throw violation(name, "logGroupName", "satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+");
        }
        if (groups.has(name)) {
            throw named(ResourceAlreadyExistsException.builder(), "The specified log group already exists");
        }
        groups.create(
                r,
                g -> g.creationTime(context.now().toEpochMilli())
                        .metricFilterCount(0)
                        .storedBytes(0L)
                        .arn(arn(name) + ":*")
                        .logGroupArn(arn(name))
                        .logGroupClass(r.logGroupClass() == null ? LogGroupClass.STANDARD : r.logGroupClass())
                        .deletionProtectionEnabled(Boolean.TRUE.equals(r.deletionProtectionEnabled())));
        return CreateLogGroupResponse.builder().build();
    }

    @Override
    public DescribeLogGroupsResponse describeLogGroups(DescribeLogGroupsRequest r) {
        List<String> identifiers = r.logGroupIdentifiers();
        if (identifiers.size() > 50) {
            throw violation("[...]", "logGroupIdentifiers", "have length less than or equal to 50");
        }
        Stream<LogGroup> found = groups.visible()
                .filter(g -> identifiers.isEmpty()
                        || identifiers.contains(g.logGroupName())
                        || identifiers.contains(g.logGroupArn()))
                .filter(g -> r.logGroupNamePrefix() == null || g.logGroupName().startsWith(r.logGroupNamePrefix()))
                .filter(g -> r.logGroupNamePattern() == null || g.logGroupName().contains(r.logGroupNamePattern()))
                .filter(g -> r.logGroupClass() == null || g.logGroupClass() == r.logGroupClass())
                .sorted(Comparator.comparing(LogGroup::logGroupName));
        return groups.page(r, DescribeLogGroupsResponse.builder(), found);
    }

    @Override
    public PutRetentionPolicyResponse putRetentionPolicy(PutRetentionPolicyRequest r) {
        if (r.retentionInDays() == null || !RETENTIONS.contains(r.retentionInDays())) {
            throw violation(String.valueOf(r.retentionInDays()), "retentionInDays", "satisfy enum value set");
        }
        groups.modify(seen(r.logGroupName()), r);
        return PutRetentionPolicyResponse.builder().build();
    }

    @Override
    public DeleteRetentionPolicyResponse deleteRetentionPolicy(DeleteRetentionPolicyRequest r) {
        groups.change(seen(r.logGroupName()), g -> g.retentionInDays(null));
        return DeleteRetentionPolicyResponse.builder().build();
    }

    @Override
    public AssociateKmsKeyResponse associateKmsKey(AssociateKmsKeyRequest r) {
        groups.change(seen(name(r.logGroupName(), r.resourceIdentifier())), g -> g.kmsKeyId(r.kmsKeyId()));
        return AssociateKmsKeyResponse.builder().build();
    }

    @Override
    public DisassociateKmsKeyResponse disassociateKmsKey(DisassociateKmsKeyRequest r) {
        groups.change(seen(name(r.logGroupName(), r.resourceIdentifier())), g -> g.kmsKeyId(null));
        return DisassociateKmsKeyResponse.builder().build();
    }

    @Override
    public PutLogGroupDeletionProtectionResponse putLogGroupDeletionProtection(PutLogGroupDeletionProtectionRequest r) {
        groups.change(
                seen(name(null, r.logGroupIdentifier())),
                g -> g.deletionProtectionEnabled(Boolean.TRUE.equals(r.deletionProtectionEnabled())));
        return PutLogGroupDeletionProtectionResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return tagged(r.resourceArn()).showTags(ListTagsForResourceResponse.builder());
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        return tagged(r.resourceArn()).tag(r, TagResourceResponse.builder());
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        return tagged(r.resourceArn()).untag(r.tagKeys(), UntagResourceResponse.builder());
    }

    @Override
    public DeleteLogGroupResponse deleteLogGroup(DeleteLogGroupRequest r) {
        String name = seen(r.logGroupName());
        if (Boolean.TRUE.equals(groups.need(name).deletionProtectionEnabled())) {
            // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html
            throw named(
                    ValidationException.builder(),
                    "Cannot delete log group with deletion protection enabled. Disable deletion protection first.");
        }
        groups.remove(name);
        filtersOf(name).forEach(f -> filters.remove(id(name, f.filterName())));
        subscriptionsOf(name).toList().forEach(f -> subscriptions.remove(id(name, f.filterName())));
        return DeleteLogGroupResponse.builder().build();
    }

    /** Replaces an existing filter with the same name as a whole. */
    @Override
    public PutMetricFilterResponse putMetricFilter(PutMetricFilterRequest r) {
        String group = seen(r.logGroupName());
        MetricFilter old = filters.get(id(group, r.filterName()));
        if (old == null && filtersOf(group).count() >= 100) {
            throw named(LimitExceededException.builder(), "Resource limit exceeded.");
        }
        if (r.metricTransformations().size() != 1) {
            throw violation("[...]", "metricTransformations", "have length equal to 1");
        }
        MetricTransformation metric = r.metricTransformations().getFirst();
        if (!metric.dimensions().isEmpty()) {
            refuseDimensions(r, metric);
        }
        filters.create(
                r,
                f -> f.metricTransformations(metric.toBuilder()
                                .unit(metric.unit() == null ? StandardUnit.NONE : metric.unit())
                                .build())
                        .applyOnTransformedLogs(Boolean.TRUE.equals(r.applyOnTransformedLogs()))
                        .creationTime(old == null ? context.now().toEpochMilli() : old.creationTime()));
        return PutMetricFilterResponse.builder().build();
    }

    /** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html */
    private static void refuseDimensions(PutMetricFilterRequest r, MetricTransformation metric) {
        if (metric.defaultValue() != null) {
            throw invalid(
                    "Invalid metric transformation: dimensions and default value are mutually exclusive properties");
        }
        if (!r.filterPattern().strip().startsWith("{")
                && !r.filterPattern().strip().startsWith("[")) {
            throw invalid("The specified filter pattern does not support dimensions");
        }
        if (metric.dimensions().size() + r.emitSystemFieldDimensions().size() > 3) {
            throw invalid("Invalid metric transformation: the number of dimensions exceeds the limit of 3");
        }
    }

    @Override
    public DescribeMetricFiltersResponse describeMetricFilters(DescribeMetricFiltersRequest r) {
        if (r.logGroupName() != null) {
            seen(r.logGroupName());
        }
        Stream<MetricFilter> found = filters.matching(r)
                .filter(f -> r.filterNamePrefix() == null || f.filterName().startsWith(r.filterNamePrefix()))
                .sorted(Comparator.comparing(MetricFilter::filterName));
        return filters.page(r, DescribeMetricFiltersResponse.builder(), found);
    }

    @Override
    public DeleteMetricFilterResponse deleteMetricFilter(DeleteMetricFilterRequest r) {
        filters.delete(id(seen(r.logGroupName()), r.filterName()));
        return DeleteMetricFilterResponse.builder().build();
    }

    /**
     * A group can have at most two filters. A function cannot be a destination, because no function of the twin allows
     * CloudWatch Logs to invoke it.
     * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
     */
    @Override
    public PutSubscriptionFilterResponse putSubscriptionFilter(PutSubscriptionFilterRequest r) {
        String group = seen(r.logGroupName());
        SubscriptionFilter old = subscriptions.get(id(group, r.filterName()));
        if (old == null && subscriptionsOf(group).count() >= 2) {
            throw named(LimitExceededException.builder(), "Resource limit exceeded.");
        }
        if (!String.valueOf(r.destinationArn()).matches("arn:[a-z-]+:(kinesis|firehose|logs):.+")) {
            throw invalid("Could not execute the lambda function. Make sure you have given CloudWatch Logs permission"
                    + " to execute your function.");
        }
        if (r.roleArn() == null && !r.destinationArn().contains(":logs:")) {
            throw invalid("destinationArn for vendor kinesis cannot be used without roleArn");
        }
        subscriptions.create(
                r,
                f -> f.distribution(r.distribution() == null ? Distribution.BY_LOG_STREAM : r.distribution())
                        .applyOnTransformedLogs(Boolean.TRUE.equals(r.applyOnTransformedLogs()))
                        .creationTime(old == null ? context.now().toEpochMilli() : old.creationTime()));
        return PutSubscriptionFilterResponse.builder().build();
    }

    @Override
    public DescribeSubscriptionFiltersResponse describeSubscriptionFilters(DescribeSubscriptionFiltersRequest r) {
        String group = seen(r.logGroupName());
        Stream<SubscriptionFilter> found = subscriptionsOf(group)
                .filter(f -> r.filterNamePrefix() == null || f.filterName().startsWith(r.filterNamePrefix()))
                .sorted(Comparator.comparing(SubscriptionFilter::filterName));
        return subscriptions.page(r, DescribeSubscriptionFiltersResponse.builder(), found);
    }

    @Override
    public DeleteSubscriptionFilterResponse deleteSubscriptionFilter(DeleteSubscriptionFilterRequest r) {
        subscriptions.delete(id(seen(r.logGroupName()), r.filterName()));
        return DeleteSubscriptionFilterResponse.builder().build();
    }

    private Stream<SubscriptionFilter> subscriptionsOf(String group) {
        return subscriptions.stream().filter(f -> f.logGroupName().equals(group));
    }

    /** The id is unique, because neither name can contain a colon. */
    private static String id(String group, String filter) {
        return group + ":" + filter;
    }

    private Stream<MetricFilter> filtersOf(String group) {
        return filters.stream().filter(f -> f.logGroupName().equals(group));
    }

    /** The name of a group, if it is visible to callers. */
    private String seen(@Nullable String name) {
        return groups.seen(name).id();
    }

    /**
     * The name of the group with this ARN. The tag operations refuse the suffix ":*" that DescribeLogGroups adds to the
     * ARN.
     */
    private StoredResource<LogGroup> tagged(@Nullable String arn) {
        if (arn == null || arn.endsWith(":*")) {
            throw invalid("Invalid resourceArn: " + arn);
        }
        return groups.stored(seen(name(null, arn)));
    }

    private @Nullable String name(@Nullable String name, @Nullable String identifier) {
        if (name != null || identifier == null) {
            return name;
        }
        String prefix = arn("");
        String plain = identifier.endsWith(":*") ? identifier.substring(0, identifier.length() - 2) : identifier;
        return plain.startsWith(prefix) ? plain.substring(prefix.length()) : plain;
    }

    private static AwsServiceException violation(String value, String member, String constraint) {
        return invalid(TwinErrors.violation(value, member, "must " + constraint));
    }

    private static AwsServiceException invalid(String message) {
        return named(InvalidParameterException.builder(), message);
    }

    private String arn(String name) {
        return context.arn("logs", "log-group:" + name);
    }

    @Override
    public List<TwinItem> inventory() {
        return ResourceStore.items(groups, filters, subscriptions);
    }
}
