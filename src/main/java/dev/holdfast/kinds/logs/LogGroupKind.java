package dev.holdfast.kinds.logs;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DENIED;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupClass;

/** A log group: the destination of the logs of containers and functions. */
@Singleton
public final class LogGroupKind extends DeclaredKind<LogGroupKind.Spec> {
    private static final Tagging<CloudWatchLogsClient> TAGGING = Tagging.<CloudWatchLogsClient>indexed(
                    "logs:log-group",
                    (logs, arn) ->
                            logs.listTagsForResource(r -> r.resourceArn(arn)).tags(),
                    arn -> Values.after(arn, ":log-group:"),
                    (logs, arn, tags) ->
                            logs.tagResource(r -> r.resourceArn(arn).tags(tags)),
                    (logs, arn, keys) ->
                            logs.untagResource(r -> r.resourceArn(arn).tagKeys(keys)))
            .on("arn");

    /** DescribeLogGroups takes this many names at most, and a page of its answer holds as many groups. */
    private static final int BATCH = 50;

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html">PutRetentionPolicy</a> */
    private static final List<Integer> RETENTIONS = List.of(
            0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653);

    /**
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html">CreateLogGroup</a>
     */
    public record Spec(
            @Doc("The name; letters, digits and -_/.# .") @PhysicalName(max = 512, also = "_/.#")
            String logGroupName,

            @Doc("The days for which events are kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,"
                    + " 1096, 1827, 2192, 2557, 2922, 3288 or 3653; 0: for ever.")
            @EmptyIsNone
            Integer retentionInDays,

            @Doc("The ARN of the key that encrypts new events; empty: the service's own key.") @EmptyIsNone
            String kmsKeyId,

            @Doc("The class of the log group, which determines the features and their price.") @Immutable
            LogGroupClass logGroupClass,

            @Doc("Whether AWS refuses to delete the log group. For a deletion by Holdfast, set this to false first.")
            Boolean deletionProtectionEnabled,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    /**
     * Reads groups by names, because the answer omits a name that does not exist. A read by prefix would not batch, and
     * a read by pattern hides the retention.
     */
    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("LogGroup", Spec.class, CloudWatchLogsClient.class)
                .description(
                        "A log group: the destination of the logs of containers and functions, with its retention.")
                .listsByName(
                        BATCH,
                        (logs, names) -> logs.describeLogGroupsPaginator(
                                        r -> r.logGroupIdentifiers(names).limit(BATCH))
                                .logGroups(),
                        TAGGING)
                .named(LogGroup::logGroupName)
                .arn(LogGroupKind::arn)
                .reads(Spec::deletionProtectionEnabled, group -> Boolean.TRUE.equals(group.deletionProtectionEnabled()))
                .state((known, group) -> known.createdAt(Values.of(group.creationTime(), Instant::ofEpochMilli)))
                .createsNamed(CreateLogGroupRequest::builder, CloudWatchLogsClient::createLogGroup)
                .updates(
                        (logs, change) ->
                                logs.putLogGroupDeletionProtection(r -> r.logGroupIdentifier(change.physicalId())
                                        .deletionProtectionEnabled(change.spec().deletionProtectionEnabled())),
                        Spec::deletionProtectionEnabled)
                .puts(
                        Spec::kmsKeyId,
                        (logs, name, key) ->
                                logs.associateKmsKey(r -> r.logGroupName(name).kmsKeyId(key)),
                        (logs, name) -> logs.disassociateKmsKey(r -> r.logGroupName(name)))
                .puts(
                        Spec::retentionInDays,
                        (logs, name, days) -> logs.putRetentionPolicy(
                                r -> r.logGroupName(name).retentionInDays(days)),
                        (logs, name) -> logs.deleteRetentionPolicy(r -> r.logGroupName(name)))
                .deletes((logs, name) -> logs.deleteLogGroup(r -> r.logGroupName(name)))
                .output("name", "Its name, as log drivers need it.", LogGroup::logGroupName)
                .output(
                        "arn",
                        "Its ARN without the closing \":*\"; a policy that allows writing appends \":*\".",
                        LogGroupKind::arn)
                // A subscription filter sends all events to another destination. CloudWatch Logs lists them only by
                // group.
                .strays(
                        "SubscriptionFilter",
                        (scope, logs, groups) -> Listings.each(
                                scope,
                                groups,
                                LogGroup::logGroupName,
                                name -> logs
                                        .describeSubscriptionFiltersPaginator(
                                                r -> r.logGroupName(name).limit(BATCH))
                                        .subscriptionFilters()
                                        .stream()
                                        .map(filter -> name + ":" + filter.filterName())
                                        .toList()))
                .info(info -> info.statefulButRecreated("its log events"))
                .fault("OperationAbortedException", CONFLICT)
                .fault("ValidationException", "deletion protection", DENIED)
                .permissions(Permissions.on(
                        "logs:{region}:{account}:log-group:{name}", "logs:{region}:{account}:log-group:{name}:*"))
                .page("https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html");
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        if (spec.retentionInDays() != null && !RETENTIONS.contains(spec.retentionInDays())) {
            int near = RETENTIONS.stream()
                    .filter(days -> days >= spec.retentionInDays())
                    .findFirst()
                    .orElse(RETENTIONS.getLast());
            findings.wrong(
                    Spec::retentionInDays,
                    "CloudWatch Logs has no retention of " + spec.retentionInDays() + " days",
                    "set retentionInDays to " + near + " or to another retention that CloudWatch Logs offers");
        }
        if (spec.logGroupClass() == LogGroupClass.DELIVERY && findings.declares(Spec::retentionInDays)) {
            // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
            findings.wrong(
                    Spec::retentionInDays,
                    "a group of the class DELIVERY has a fixed retention",
                    "remove retentionInDays");
        }
        findings.wantsKeyArn(Spec::kmsKeyId, spec.kmsKeyId());
    }

    /** The ARN that tagging calls accept. CloudWatch Logs also reports an ARN that ends with ":*". */
    private static String arn(LogGroup group) {
        String arn = group.logGroupArn() == null ? group.arn() : group.logGroupArn();
        return arn.endsWith(":*") ? arn.substring(0, arn.length() - 2) : arn;
    }
}
