package dev.holdfast.twin.logs;

import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTable;
import dev.holdfast.twin.store.TwinTags;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.AssociateKmsKeyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.AssociateKmsKeyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteRetentionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteRetentionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DisassociateKmsKeyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DisassociateKmsKeyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupClass;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogGroupDeletionProtectionRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogGroupDeletionProtectionResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutRetentionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutRetentionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagResourceResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.TooManyTagsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagResourceResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ValidationException;

/** The twin of CloudWatch Logs, as far as the kinds need it: log groups, without what is logged. */
public final class TwinLogs implements CloudWatchLogsClient, TwinService {
    private static final Pattern NAME = Pattern.compile("[.\\-_/#A-Za-z0-9]{1,512}");

    /** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
    private static final Set<Integer> RETENTIONS = Set.of(
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653);

    private final TwinContext context;
    private final TwinTable<LogGroup> groups;
    private final Map<String, Map<String, String>> tags = new TreeMap<>();

    public TwinLogs(TwinContext context) {
        this.context = context;
        this.groups = new TwinTable<>(context);
    }

    /** Whether a writer finds this log group. */
    public boolean exists(String logGroup) {
        return groups.get(logGroup) != null;
    }

    @Override
    public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest r) {
        String name = r.logGroupName();
        if (name == null || !NAME.matcher(name).matches()) {
            throw invalid("1 validation error detected: Value '" + name
                    + "' at 'logGroupName' failed to satisfy constraint:"
                    + " Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+");
        }
        if (groups.get(name) != null) {
            throw TwinErrors.error(
                    ResourceAlreadyExistsException.builder(),
                    400,
                    "ResourceAlreadyExistsException",
                    "The specified log group already exists");
        }
        Map<String, String> own = new TreeMap<>();
        put(own, r.tags());
        tags.put(name, own);
        groups.put(
                name,
                LogGroup.builder()
                        .logGroupName(name)
                        .creationTime(context.now().toEpochMilli())
                        .metricFilterCount(0)
                        .storedBytes(0L)
                        .arn(arn(name) + ":*")
                        .logGroupArn(arn(name))
                        .kmsKeyId(r.kmsKeyId())
                        .logGroupClass(r.logGroupClass() == null ? LogGroupClass.STANDARD : r.logGroupClass())
                        .deletionProtectionEnabled(Boolean.TRUE.equals(r.deletionProtectionEnabled()))
                        .build());
        return CreateLogGroupResponse.builder().build();
    }

    @Override
    public DescribeLogGroupsResponse describeLogGroups(DescribeLogGroupsRequest r) {
        if (r.logGroupIdentifiers().size() > 50) {
            throw invalid("1 validation error detected: Value at 'logGroupIdentifiers' failed to satisfy constraint:"
                    + " Member must have length less than or equal to 50");
        }
        List<LogGroup> all = groups.visible().stream()
                .filter(g -> !r.hasLogGroupIdentifiers()
                        || r.logGroupIdentifiers().isEmpty()
                        || r.logGroupIdentifiers().contains(g.logGroupName())
                        || r.logGroupIdentifiers().contains(g.logGroupArn()))
                .filter(g -> r.logGroupNamePrefix() == null || g.logGroupName().startsWith(r.logGroupNamePrefix()))
                .filter(g -> r.logGroupNamePattern() == null || g.logGroupName().contains(r.logGroupNamePattern()))
                .filter(g -> r.logGroupClass() == null || g.logGroupClass() == r.logGroupClass())
                .sorted(Comparator.comparing(LogGroup::logGroupName))
                .toList();
        TwinContext.Page<LogGroup> page = context.page(all, r.nextToken(), 50, r.limit());
        return DescribeLogGroupsResponse.builder()
                .logGroups(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    public PutRetentionPolicyResponse putRetentionPolicy(PutRetentionPolicyRequest r) {
        if (r.retentionInDays() == null || !RETENTIONS.contains(r.retentionInDays())) {
            throw invalid("1 validation error detected: Value '" + r.retentionInDays()
                    + "' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set");
        }
        change(r.logGroupName(), g -> g.retentionInDays(r.retentionInDays()));
        return PutRetentionPolicyResponse.builder().build();
    }

    @Override
    public DeleteRetentionPolicyResponse deleteRetentionPolicy(DeleteRetentionPolicyRequest r) {
        change(r.logGroupName(), g -> g.retentionInDays(null));
        return DeleteRetentionPolicyResponse.builder().build();
    }

    @Override
    public AssociateKmsKeyResponse associateKmsKey(AssociateKmsKeyRequest r) {
        change(name(r.logGroupName(), r.resourceIdentifier()), g -> g.kmsKeyId(r.kmsKeyId()));
        return AssociateKmsKeyResponse.builder().build();
    }

    @Override
    public DisassociateKmsKeyResponse disassociateKmsKey(DisassociateKmsKeyRequest r) {
        change(name(r.logGroupName(), r.resourceIdentifier()), g -> g.kmsKeyId(null));
        return DisassociateKmsKeyResponse.builder().build();
    }

    @Override
    public PutLogGroupDeletionProtectionResponse putLogGroupDeletionProtection(PutLogGroupDeletionProtectionRequest r) {
        change(
                name(null, r.logGroupIdentifier()),
                g -> g.deletionProtectionEnabled(Boolean.TRUE.equals(r.deletionProtectionEnabled())));
        return PutLogGroupDeletionProtectionResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return ListTagsForResourceResponse.builder()
                .tags(Map.copyOf(tagsOf(r.resourceArn())))
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        put(tagsOf(r.resourceArn()), r.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        tagsOf(r.resourceArn()).keySet().removeAll(r.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public DeleteLogGroupResponse deleteLogGroup(DeleteLogGroupRequest r) {
        LogGroup group = seen(r.logGroupName());
        if (Boolean.TRUE.equals(group.deletionProtectionEnabled())) {
            throw TwinErrors.error(
                    ValidationException.builder(),
                    400,
                    "ValidationException",
                    "Log group " + group.logGroupName() + " has deletion protection enabled");
        }
        groups.remove(group.logGroupName());
        tags.remove(group.logGroupName());
        return DeleteLogGroupResponse.builder().build();
    }

    private void change(@Nullable String name, UnaryOperator<LogGroup.Builder> how) {
        LogGroup group = seen(name);
        groups.put(group.logGroupName(), how.apply(group.toBuilder()).build());
    }

    private LogGroup seen(@Nullable String name) {
        LogGroup group = groups.visible(name);
        if (group == null) {
            throw TwinErrors.error(
                    ResourceNotFoundException.builder(),
                    400,
                    "ResourceNotFoundException",
                    "The specified log group does not exist.");
        }
        return group;
    }

    /** The tag operations take a log group's ARN without the ":*" that DescribeLogGroups ends it with. */
    private Map<String, String> tagsOf(@Nullable String arn) {
        if (arn == null || arn.endsWith(":*")) {
            throw invalid("Invalid resourceArn: " + arn);
        }
        String name = seen(name(null, arn)).logGroupName();
        return tags.computeIfAbsent(name, n -> new TreeMap<>());
    }

    private @Nullable String name(@Nullable String name, @Nullable String identifier) {
        if (name != null || identifier == null) {
            return name;
        }
        String prefix = arn("");
        String plain = identifier.endsWith(":*") ? identifier.substring(0, identifier.length() - 2) : identifier;
        return plain.startsWith(prefix) ? plain.substring(prefix.length()) : plain;
    }

    private static void put(Map<String, String> tags, Map<String, String> more) {
        TwinTags.put(
                tags,
                more,
                () -> TwinErrors.error(
                        TooManyTagsException.builder(),
                        400,
                        "TooManyTagsException",
                        "The number of tags exceeds the limit of 50"),
                () -> invalid("Tag keys that begin with aws: are reserved"));
    }

    private static AwsServiceException invalid(String message) {
        return TwinErrors.error(InvalidParameterException.builder(), 400, "InvalidParameterException", message);
    }

    private String arn(String name) {
        return context.arn("logs", "log-group:" + name);
    }

    @Override
    public List<TwinItem> inventory() {
        return groups.all().stream()
                .map(g -> new TwinItem(
                        "logs:log-group",
                        g.logGroupName(),
                        g.logGroupArn(),
                        Map.copyOf(tags.getOrDefault(g.logGroupName(), Map.of())),
                        g.toString()))
                .toList();
    }
}
