package dev.holdfast.twin.xray;

import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.xray.XRayClient;
import software.amazon.awssdk.services.xray.model.*;

/** The twin of X-Ray: sampling rules and groups. It accepts no traces. */
public final class TwinXray implements XRayClient, TwinService {
    /** @see <a href="https://docs.aws.amazon.com/general/latest/gr/xray.html">quotas of X-Ray</a> */
    private static final int MOST_RULES = 25;

    private static final int PAGE = 100;
    private static final int MOST_ATTRIBUTES = 5;
    private static final int LAST_PRIORITY = 9999;
    private static final String OWN = "Default";

    private final TwinContext context;
    private final ResourceStore<SamplingRuleRecord, SamplingRuleRecord.Builder> rules;
    private final ResourceStore<GroupSummary, GroupSummary.Builder> groups;

    public TwinXray(TwinContext context) {
        this.context = context;
        TagRules tags = TagRules.of(
                () -> named(TooManyTagsException.builder(), "Too many tags"),
                key -> invalid("aws: prefixed tag key names are not allowed for external use"));
        rules = context.store(SamplingRuleRecord::builder, r -> r.samplingRule().ruleName())
                .type("xray:sampling-rule")
                .arn(r -> r.samplingRule().ruleARN())
                .pages(PAGE)
                .missing(name -> invalid("Sampling rule does not exist"))
                .tagRules(tags);
        groups = context.store(GroupSummary::builder, GroupSummary::groupName)
                .type("xray:group")
                .arn(GroupSummary::groupARN)
                .pages(PAGE)
                .missing(name -> invalid("Group not found"))
                .tagRules(tags);
        rules.add(ownRule(), Map.of());
    }

    /**
     * The default rule of each region.
     *
     * @see <a href="https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html">the default rule</a>
     */
    private SamplingRuleRecord ownRule() {
        return SamplingRuleRecord.builder()
                .samplingRule(r -> r.ruleName(OWN)
                        .ruleARN(ruleArn(OWN))
                        .priority(LAST_PRIORITY + 1)
                        .fixedRate(0.05)
                        .reservoirSize(1)
                        .serviceName("*")
                        .serviceType("*")
                        .host("*")
                        .httpMethod("*")
                        .urlPath("*")
                        .resourceARN("*")
                        .version(1)
                        .attributes(Map.of()))
                .createdAt(Instant.EPOCH)
                .modifiedAt(Instant.EPOCH)
                .build();
    }

    private String ruleArn(String name) {
        return context.arn("xray", "sampling-rule/" + name);
    }

    private static AwsServiceException invalid(String message) {
        return named(InvalidRequestException.builder(), message);
    }

    /** The inventory lists AWS's own rule only if the rule has tags. */
    @Override
    public List<TwinItem> inventory() {
        return Stream.concat(
                        rules.items().stream()
                                .filter(i -> !i.id().equals(OWN) || !i.tags().isEmpty()),
                        groups.items().stream())
                .toList();
    }

    @Override
    public CreateSamplingRuleResponse createSamplingRule(CreateSamplingRuleRequest r) {
        SamplingRule wanted = r.samplingRule();
        if (wanted == null || wanted.ruleName() == null) {
            throw invalid("A sampling rule needs a name");
        }
        checkComplete(wanted);
        if (rules.has(wanted.ruleName())) {
            throw invalid("Sampling rule already exists");
        }
        if (rules.ids().size() > MOST_RULES) {
            throw named(RuleLimitExceededException.builder(), "Number of sampling rules exceeds the limit");
        }
        SamplingRule made = checked(wanted.toBuilder()
                .ruleARN(ruleArn(wanted.ruleName()))
                .attributes(wanted.attributes())
                .build());
        SamplingRuleRecord record = SamplingRuleRecord.builder()
                .samplingRule(made)
                .createdAt(context.now())
                .modifiedAt(context.now())
                .build();
        return CreateSamplingRuleResponse.builder()
                .samplingRuleRecord(rules.add(record, TwinTags.in(r)))
                .build();
    }

    private static void checkComplete(SamplingRule rule) {
        Stream.of(
                        rule.priority(),
                        rule.fixedRate(),
                        rule.reservoirSize(),
                        rule.serviceName(),
                        rule.serviceType(),
                        rule.host(),
                        rule.httpMethod(),
                        rule.urlPath(),
                        rule.resourceARN())
                .forEach(member -> {
                    if (member == null) {
                        throw invalid("Request is missing required parameters");
                    }
                });
        if (!Objects.equals(rule.version(), 1)) {
            throw invalid("Version must be 1");
        }
    }

    private static SamplingRule checked(SamplingRule rule) {
        boolean own = rule.ruleName().equals(OWN);
        if (!own && (rule.priority() < 1 || rule.priority() > LAST_PRIORITY)) {
            throw invalid("Priority must be between 1 and " + LAST_PRIORITY);
        }
        if (!(rule.fixedRate() >= 0 && rule.fixedRate() <= 1)) {
            throw invalid("FixedRate must be between 0 and 1");
        }
        if (rule.reservoirSize() < 0) {
            throw invalid("ReservoirSize must not be negative");
        }
        if (rule.attributes().size() > MOST_ATTRIBUTES) {
            throw invalid("A sampling rule can have at most " + MOST_ATTRIBUTES + " attributes");
        }
        return rule;
    }

    /** Members that the request omits do not change. In AWS's own rule, only rate and reservoir can be changed. */
    @Override
    public UpdateSamplingRuleResponse updateSamplingRule(UpdateSamplingRuleRequest r) {
        SamplingRuleUpdate update = r.samplingRuleUpdate();
        String name = ruleName(update.ruleName(), update.ruleARN());
        SamplingRule old = rules.seen(name).shape().samplingRule();
        SamplingRule changed = checked(changed(old, update));
        if (name.equals(OWN)
                && !changed.equals(old.toBuilder()
                        .fixedRate(changed.fixedRate())
                        .reservoirSize(changed.reservoirSize())
                        .build())) {
            throw invalid("Only FixedRate and ReservoirSize of the default rule can be changed");
        }
        return UpdateSamplingRuleResponse.builder()
                .samplingRuleRecord(rules.change(
                        name, record -> record.samplingRule(changed).modifiedAt(context.now())))
                .build();
    }

    private static SamplingRule changed(SamplingRule old, SamplingRuleUpdate to) {
        return old.toBuilder()
                .priority(or(to.priority(), old.priority()))
                .fixedRate(or(to.fixedRate(), old.fixedRate()))
                .reservoirSize(or(to.reservoirSize(), old.reservoirSize()))
                .serviceName(or(to.serviceName(), old.serviceName()))
                .serviceType(or(to.serviceType(), old.serviceType()))
                .host(or(to.host(), old.host()))
                .httpMethod(or(to.httpMethod(), old.httpMethod()))
                .urlPath(or(to.urlPath(), old.urlPath()))
                .resourceARN(or(to.resourceARN(), old.resourceARN()))
                .attributes(to.hasAttributes() ? to.attributes() : old.attributes())
                .samplingRateBoost(or(to.samplingRateBoost(), old.samplingRateBoost()))
                .build();
    }

    private static <V> V or(@Nullable V given, V before) {
        return given == null ? before : given;
    }

    private String ruleName(@Nullable String name, @Nullable String arn) {
        if ((name == null) == (arn == null)) {
            throw invalid("Specify a rule by either name or ARN");
        }
        return name != null ? name : Objects.requireNonNull(arn).substring(arn.indexOf('/') + 1);
    }

    @Override
    public DeleteSamplingRuleResponse deleteSamplingRule(DeleteSamplingRuleRequest r) {
        String name = ruleName(r.ruleName(), r.ruleARN());
        if (name.equals(OWN)) {
            throw invalid("The default rule cannot be deleted");
        }
        return DeleteSamplingRuleResponse.builder()
                .samplingRuleRecord(rules.delete(name))
                .build();
    }

    @Override
    public GetSamplingRulesResponse getSamplingRules(GetSamplingRulesRequest r) {
        return rules.page(r, GetSamplingRulesResponse.builder(), rules.visible());
    }

    @Override
    public CreateGroupResponse createGroup(CreateGroupRequest r) {
        if (OWN.equals(r.groupName())) {
            throw invalid("Default is a reserved group name");
        }
        if (groups.has(r.groupName())) {
            throw invalid("Group already exists");
        }
        String id = context.hex(26).toUpperCase(Locale.ROOT);
        GroupSummary made = groups.create(
                r,
                group -> group.groupARN(context.arn("xray", "group/" + r.groupName() + "/" + id))
                        .filterExpression(Objects.requireNonNullElse(r.filterExpression(), ""))
                        .insightsConfiguration(insights(null, r.insightsConfiguration())));
        return CreateGroupResponse.builder().group(group(made)).build();
    }

    private static Group group(GroupSummary summary) {
        return SdkShapes.copy(summary, Group.builder()).build();
    }

    /** Notifications need insights. A request for notifications without insights is refused. */
    private static InsightsConfiguration insights(
            @Nullable InsightsConfiguration old, @Nullable InsightsConfiguration wanted) {
        InsightsConfiguration.Builder made = InsightsConfiguration.builder();
        made.insightsEnabled(false).notificationsEnabled(false);
        Stream.of(old, wanted).filter(Objects::nonNull).forEach(one -> SdkShapes.copy((SdkPojo) one, made));
        if (!made.build().insightsEnabled()) {
            if (wanted != null && Boolean.TRUE.equals(wanted.notificationsEnabled())) {
                throw invalid("Notifications can only be enabled with insights enabled");
            }
            made.notificationsEnabled(false);
        }
        return made.build();
    }

    @Override
    public UpdateGroupResponse updateGroup(UpdateGroupRequest r) {
        String name = groupName(r.groupName(), r.groupARN());
        InsightsConfiguration insights = insights(groups.need(name).insightsConfiguration(), r.insightsConfiguration());
        groups.modify(name, r);
        GroupSummary changed = groups.change(name, group -> group.insightsConfiguration(insights));
        return UpdateGroupResponse.builder().group(group(changed)).build();
    }

    private String groupName(@Nullable String name, @Nullable String arn) {
        if ((name == null) == (arn == null)) {
            throw invalid("Specify a group by either name or ARN");
        }
        return name != null
                ? name
                : groups.stream()
                        .filter(g -> g.groupARN().equals(arn))
                        .map(GroupSummary::groupName)
                        .findFirst()
                        .orElseThrow(() -> invalid("Group not found"));
    }

    @Override
    public DeleteGroupResponse deleteGroup(DeleteGroupRequest r) {
        groups.delete(groupName(r.groupName(), r.groupARN()));
        return DeleteGroupResponse.builder().build();
    }

    @Override
    public GetGroupResponse getGroup(GetGroupRequest r) {
        String name = groupName(r.groupName(), r.groupARN());
        return GetGroupResponse.builder()
                .group(group(groups.shown(groups.seen(name).shape())))
                .build();
    }

    @Override
    public GetGroupsResponse getGroups(GetGroupsRequest r) {
        return groups.page(r, GetGroupsResponse.builder(), groups.visible());
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        return tagged(r.resourceARN()).tag(r, TagResourceResponse.builder());
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        return tagged(r.resourceARN()).untag(r.tagKeys(), UntagResourceResponse.builder());
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return tagged(r.resourceARN()).showTags(ListTagsForResourceResponse.builder());
    }

    private StoredResource<?> tagged(String arn) {
        return ResourceStore.seenWithArn(
                arn,
                () -> error(ResourceNotFoundException.builder(), 404, "ResourceNotFoundException", arn + " not found"),
                rules,
                groups);
    }
}
