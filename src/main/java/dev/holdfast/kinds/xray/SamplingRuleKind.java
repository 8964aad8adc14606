package dev.holdfast.kinds.xray;

import static dev.holdfast.model.Fault.Category.ABSENT;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.Map;
import software.amazon.awssdk.services.xray.XRayClient;
import software.amazon.awssdk.services.xray.model.SamplingRule;
import software.amazon.awssdk.services.xray.model.SamplingRuleRecord;
import software.amazon.awssdk.services.xray.model.SamplingRuleUpdate;
import software.amazon.awssdk.services.xray.model.Tag;

/** A rule that determines which requests are traced. X-Ray and OpenTelemetry's sampler named xray apply it. */
@Singleton
public final class SamplingRuleKind extends DeclaredKind<SamplingRuleKind.Spec> {
    /** The version of the form of a rule; AWS knows only this version. */
    private static final int FORM = 1;

    /** @see <a href="https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html">SamplingRule</a> */
    public record Spec(
            @Doc("The name. Default is the name of X-Ray's own rule, which always exists and cannot be declared.")
            @PhysicalName(max = 32, also = " _./")
            String ruleName,

            @Doc("The order: of the rules that match a request, the rule with the lowest number decides.")
            @Required
            @Range(min = 1, max = 9999)
            Integer priority,

            @Doc(
                    "The share of the matching requests that is traced once the reservoir of the second is used up: 0.05 is"
                            + " five percent.")
            @Required
            @Range(min = 0, max = 1)
            Double fixedRate,

            @Doc(
                    "The number of matching requests that all instances together trace in each second before the fixed rate"
                            + " applies.")
            @Required
            @Range(min = 0, max = Integer.MAX_VALUE)
            Integer reservoirSize,

            @Doc("The name of the service, as the service gives it in its traces; * and ? are wildcards.") @Required
            String serviceName,

            @Doc("The platform that the service runs on, such as AWS::ECS::Container; * for all.") @Required
            String serviceType,

            @Doc("The host of the request; * for all.") @Required
            String host,

            @Doc("The method of the request; * for all.") @Required
            String httpMethod,

            @Doc("The path of the request; * for all.") @Required
            String urlPath,

            @Doc("The ARN of the AWS resource that the service runs on; * for all.") @Required
            String resourceARN,

            @Doc("Attributes of the request by name, each with the value that matches; at most 5.") @EmptyIsNone
            Map<String, String> attributes,

            @Doc("The limits within which X-Ray may raise the rate temporarily when X-Ray detects an anomaly.")
            SamplingRateBoost samplingRateBoost,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    /** The limits of a temporary increase of the rate by X-Ray. */
    public record SamplingRateBoost(
            @Doc("The highest rate during a boost: 0.2 is twenty percent.") @Required @Range(min = 0, max = 1)
            Double maxRate,

            @Doc("The number of minutes in which there is at most one boost.")
            @Required
            @Range(min = 0, max = Integer.MAX_VALUE)
            Integer cooldownWindowMinutes) {}

    /** One list has the rules of all stacks, with their configuration; X-Ray has no call for a single rule. */
    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("SamplingRule", Spec.class, XRayClient.class)
                .description("A sampling rule of X-Ray, which determines the requests that are traced.")
                .lists(xray -> xray.getSamplingRulesPaginator(r -> {}).samplingRuleRecords().stream()
                        .map(SamplingRuleRecord::samplingRule)
                        .toList())
                .named(SamplingRule::ruleName)
                .arn(SamplingRule::ruleARN)
                .tags(XrayTags.indexed("sampling-rule"))
                .creates((xray, desired, token, tagging) -> xray.createSamplingRule(r -> r.samplingRule(
                                        Wire.fill(SamplingRule.builder().version(FORM), desired.spec())
                                                .build())
                                .tags(SdkShapes.pairs(desired.spec().tags(), Tag::builder)))
                        .samplingRuleRecord()
                        .samplingRule()
                        .ruleName())
                .patches(
                        SamplingRuleUpdate::builder,
                        null,
                        (request, change) -> {},
                        (xray, update) -> xray.updateSamplingRule(r -> r.samplingRuleUpdate(update)))
                .deletes((xray, name) -> xray.deleteSamplingRule(r -> r.ruleName(name)))
                .output("name", "Its name.", SamplingRule::ruleName)
                .output("arn", "Its ARN.", SamplingRule::ruleARN)
                .leavesOut("ruleARN", "AWS derives it from the name")
                .leavesOut("version", "AWS knows only version 1, which Holdfast always sends")
                .fault("RuleLimitExceededException", QUOTA)
                .fault("InvalidRequestException", "already exists", EXISTS)
                .fault("InvalidRequestException", "does not exist", ABSENT)
                .permissions(Permissions.on("xray:{region}:{account}:sampling-rule/{name}"))
                .page("https://docs.aws.amazon.com/xray/latest/api/API_CreateSamplingRule.html");
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        // https://github.com/hashicorp/terraform-provider-aws/issues/49597
        if ("Default".equals(spec.ruleName())) {
            findings.wrong(
                    Spec::ruleName,
                    "Default is X-Ray's own rule: it always exists, cannot be deleted, and has the priority 10000",
                    "declare a rule of another name with priority 9999 that matches everything (*)");
        }
        if (spec.attributes() != null && spec.attributes().size() > 5) {
            findings.wrong(
                    Spec::attributes,
                    "expected at most 5 attributes, found " + spec.attributes().size(),
                    "remove attributes, or declare several rules");
        }
    }
}
