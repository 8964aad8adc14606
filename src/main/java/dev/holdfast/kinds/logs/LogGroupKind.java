package dev.holdfast.kinds.logs;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.aws.KmsKeys;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Fault;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;

/** A log group: where containers and functions write. */
@Singleton
public final class LogGroupKind implements Kind<LogGroupKind.Spec> {
    private static final String TYPE = "logs:log-group";

    /** As many as DescribeLogGroups takes names and gives groups. */
    private static final int BATCH = 50;

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html">PutRetentionPolicy</a> */
    private static final List<Integer> RETENTIONS = List.of(
            0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653);

    /**
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html">CreateLogGroup</a>
     */
    public record Spec(
            @Doc("The name; letters, digits and -_/.# .") @PhysicalName(max = 512, also = "_/.#") @Nullable
            String logGroupName,

            @Doc("How many days events are kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,"
                    + " 1096, 1827, 2192, 2557, 2922, 3288 or 3653; 0: for ever.")
            @Nullable
            Integer retentionInDays,

            @Doc("The ARN of the key that encrypts what is written from now on; empty: the service's own.") @Nullable
            String kmsKeyId,

            @Doc("What can be done with the events, and at what price.") @Immutable @Nullable
            LogGroupClass logGroupClass,

            @Doc("Whether AWS refuses to delete it; deleting it here wants this switched off first.") @Nullable
            Boolean deletionProtectionEnabled,

            @Doc("Tags.") @TagMap @Slow("tags") @Nullable Map<String, String> tags) {}

    public enum LogGroupClass {
        STANDARD,
        INFREQUENT_ACCESS,
        DELIVERY
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("LogGroup", Spec.class, OwnershipForm.TAG)
                .description("A log group: where containers and functions write, and how long that is kept.")
                .statefulButRecreated()
                .output("name", "Its name, as log drivers want it.")
                .output("arn", "Its ARN without the closing \":*\"; policies that let somebody write append it.")
                .page("https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html")
                .fault(FaultRule.of("OperationAbortedException", Fault.Category.CONFLICT))
                .permissions(Permissions.on(
                                "logs:{region}:{account}:log-group:{name}",
                                "logs:{region}:{account}:log-group:{name}:*")
                        .lists("logs:DescribeLogGroups")
                        .reads("logs:ListTagsForResource")
                        .creates("logs:CreateLogGroup")
                        .tags("logs:TagResource", "logs:UntagResource")
                        .changes("logs:DeleteLogGroup")
                        .changesFor("retentionInDays", "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy")
                        .changesFor("kmsKeyId", "logs:AssociateKmsKey", "logs:DisassociateKmsKey")
                        .changesFor("deletionProtectionEnabled", "logs:PutLogGroupDeletionProtection"))
                .build();
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
                    "the next longer one is " + near);
        }
        // CloudWatch Logs finds no key by its id, and speaks of the key's ARN in what it takes and in what it answers.
        if (spec.kmsKeyId() != null && !spec.kmsKeyId().isEmpty() && !KmsKeys.isArn(spec.kmsKeyId())) {
            findings.wrong(
                    Spec::kmsKeyId, "expected the ARN of a key, found \"" + spec.kmsKeyId() + "\"", KmsKeys.HINT);
        }
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        CloudWatchLogsClient logs = scope.client(CloudWatchLogsClient.class);
        Map<String, Wanted<Spec>> wanted = new LinkedHashMap<>();
        scope.wanted()
                .forEach(w -> Stream.of(w.physicalId(), w.physicalName())
                        .filter(Objects::nonNull)
                        .forEach(name -> wanted.put(name, w)));
        Set<String> names = new TreeSet<>(wanted.keySet());
        if (scope.sweep()) {
            scope.tagged(TYPE).keySet().forEach(arn -> names.add(name(arn)));
        }
        // Names filter: those that do not exist are left out. A name prefix would not batch, a pattern hides the
        // retention.
        List<List<String>> batches =
                names.stream().gather(Gatherers.windowFixed(BATCH)).toList();
        List<LogGroup> groups = scope
                .parallel(
                        batches,
                        batch ->
                                logs
                                        .describeLogGroupsPaginator(r ->
                                                r.logGroupIdentifiers(batch).limit(BATCH))
                                        .logGroups()
                                        .stream()
                                        .toList())
                .stream()
                .flatMap(List::stream)
                .filter(group -> names.contains(group.logGroupName()))
                .toList();
        return scope.each(
                groups,
                group -> identify(group, wanted.get(group.logGroupName())),
                (group, identity) -> observed(logs, scope, group, identity, wanted.get(group.logGroupName())));
    }

    private static String name(String arn) {
        return arn.substring(arn.indexOf(":log-group:") + ":log-group:".length());
    }

    /** Says whose it would be, for the case that its tags cannot be read. */
    private static Identity identify(LogGroup group, @Nullable Wanted<Spec> wanted) {
        return Identity.of(group.logGroupName())
                .named(group.logGroupName())
                .belongingTo(wanted == null ? null : wanted.id());
    }

    private static Known<Spec> observed(
            CloudWatchLogsClient logs,
            Scope<Spec> scope,
            LogGroup group,
            Identity identity,
            @Nullable Wanted<Spec> wanted) {
        String arn = arn(group);
        Spec desired = wanted == null ? null : wanted.desired();
        Map<String, String> tags = scope.tags(
                TYPE,
                arn,
                group.logGroupName(),
                desired == null ? null : desired.tags(),
                () -> logs.listTagsForResource(r -> r.resourceArn(arn)).tags());
        Spec spec = new Spec(
                group.logGroupName(),
                Objects.requireNonNullElse(group.retentionInDays(), 0),
                Objects.requireNonNullElse(group.kmsKeyId(), ""),
                logGroupClass(group.logGroupClassAsString()),
                Boolean.TRUE.equals(group.deletionProtectionEnabled()),
                tags);
        return Known.of(identity.belongingTo(null).tagged(tags), spec)
                .output("name", group.logGroupName())
                .output("arn", arn)
                .createdAt(group.creationTime() == null ? null : Instant.ofEpochMilli(group.creationTime()));
    }

    /** The ARN that tags want; the other one that AWS gives ends with ":*". */
    private static String arn(LogGroup group) {
        String arn = group.logGroupArn() == null ? group.arn() : group.logGroupArn();
        return arn.endsWith(":*") ? arn.substring(0, arn.length() - 2) : arn;
    }

    private static @Nullable LogGroupClass logGroupClass(@Nullable String wire) {
        return Stream.of(LogGroupClass.values())
                .filter(c -> c.name().equals(wire))
                .findFirst()
                .orElse(null);
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        String name = Objects.requireNonNull(spec.logGroupName());
        desired.client(CloudWatchLogsClient.class)
                .createLogGroup(r -> r.logGroupName(name)
                        .kmsKeyId("".equals(spec.kmsKeyId()) ? null : spec.kmsKeyId())
                        .logGroupClass(
                                spec.logGroupClass() == null
                                        ? null
                                        : spec.logGroupClass().name())
                        .deletionProtectionEnabled(spec.deletionProtectionEnabled())
                        .tags(spec.tags()));
        return name;
    }

    @Override
    public void update(Change<Spec> change) {
        CloudWatchLogsClient logs = change.client(CloudWatchLogsClient.class);
        Spec spec = change.spec();
        String name = change.physicalId();
        if (change.touches(Spec::deletionProtectionEnabled)) {
            logs.putLogGroupDeletionProtection(
                    r -> r.logGroupIdentifier(name).deletionProtectionEnabled(spec.deletionProtectionEnabled()));
        }
        if (change.touches(Spec::kmsKeyId)) {
            if ("".equals(spec.kmsKeyId())) {
                logs.disassociateKmsKey(r -> r.logGroupName(name));
            } else {
                logs.associateKmsKey(r -> r.logGroupName(name).kmsKeyId(spec.kmsKeyId()));
            }
        }
        if (change.touches(Spec::retentionInDays)) {
            if (Integer.valueOf(0).equals(spec.retentionInDays())) {
                logs.deleteRetentionPolicy(r -> r.logGroupName(name));
            } else {
                logs.putRetentionPolicy(r -> r.logGroupName(name).retentionInDays(spec.retentionInDays()));
            }
        }
        updateTags(logs, change);
    }

    private static void updateTags(CloudWatchLogsClient logs, Change<Spec> change) {
        String arn = String.valueOf(change.observed().known().outputs().get("arn"));
        Map<String, String> put = change.tagsToPut(Spec::tags);
        if (!put.isEmpty()) {
            logs.tagResource(r -> r.resourceArn(arn).tags(put));
        }
        Set<String> remove = change.tagsToRemove(Spec::tags);
        if (!remove.isEmpty()) {
            logs.untagResource(r -> r.resourceArn(arn).tagKeys(remove));
        }
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(CloudWatchLogsClient.class).deleteLogGroup(r -> r.logGroupName(observed.physicalId()));
    }
}
