package dev.holdfast.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.kind.WireName;
import dev.holdfast.kind.wire.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.services.acm.model.RequestCertificateRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.PutScheduledActionRequest;
import software.amazon.awssdk.services.applicationautoscaling.model.RegisterScalableTargetRequest;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginEndpointConfig;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutMetricFilterRequest;
import software.amazon.awssdk.services.ec2.model.AllocateAddressRequest;
import software.amazon.awssdk.services.ec2.model.CreateInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateNatGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.CreateSubnetRequest;
import software.amazon.awssdk.services.ec2.model.CreateVpcEndpointRequest;
import software.amazon.awssdk.services.ec2.model.CreateVpcRequest;
import software.amazon.awssdk.services.ecr.model.CreateRepositoryRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.elasticache.model.CreateCacheParameterGroupRequest;
import software.amazon.awssdk.services.elasticache.model.CreateCacheSubnetGroupRequest;
import software.amazon.awssdk.services.elasticache.model.CreateReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.CreateServerlessCacheRequest;
import software.amazon.awssdk.services.elasticache.model.CreateUserGroupRequest;
import software.amazon.awssdk.services.elasticache.model.CreateUserRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.kms.model.CreateAliasRequest;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.lambda.model.AddPermissionRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.rds.model.CreateDbClusterParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.CreateDbClusterRequest;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.CreateDbSubnetGroupRequest;
import software.amazon.awssdk.services.route53.model.CreateHostedZoneRequest;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.xray.model.CreateGroupRequest;
import software.amazon.awssdk.services.xray.model.SamplingRule;

/**
 * Compares the kinds with AWS's own models: members and types with the SDK's shapes; enums, ranges and required members
 * with the service models; immutable members with CloudFormation's schemas. {@code aws-models.json} holds the compared
 * facts of the service models and the schemas (botocore 1.43, CloudFormation's schemas of 2026).
 */
class ModelsTest {
    private static final Map<String, Supplier<? extends SdkPojo>> REQUESTS = Map.ofEntries(
            Map.entry("Vpc", CreateVpcRequest::builder),
            Map.entry("Subnet", CreateSubnetRequest::builder),
            Map.entry("InternetGateway", CreateInternetGatewayRequest::builder),
            Map.entry("ElasticIp", AllocateAddressRequest::builder),
            Map.entry("NatGateway", CreateNatGatewayRequest::builder),
            Map.entry("RouteTable", CreateRouteTableRequest::builder),
            Map.entry("SecurityGroup", CreateSecurityGroupRequest::builder),
            Map.entry("VpcEndpoint", CreateVpcEndpointRequest::builder),
            Map.entry("LoadBalancer", CreateLoadBalancerRequest::builder),
            Map.entry("TargetGroup", CreateTargetGroupRequest::builder),
            Map.entry("Listener", CreateListenerRequest::builder),
            Map.entry("ListenerRule", CreateRuleRequest::builder),
            Map.entry("EcsCluster", CreateClusterRequest::builder),
            Map.entry("EcsService", CreateServiceRequest::builder),
            Map.entry("TaskDefinition", RegisterTaskDefinitionRequest::builder),
            Map.entry("ScalableTarget", RegisterScalableTargetRequest::builder),
            Map.entry("ScalingPolicy", PutScalingPolicyRequest::builder),
            Map.entry("ScheduledAction", PutScheduledActionRequest::builder),
            Map.entry("Alarm", PutMetricAlarmRequest::builder),
            Map.entry("CompositeAlarm", PutCompositeAlarmRequest::builder),
            Map.entry("Dashboard", PutDashboardRequest::builder),
            Map.entry("LogGroup", CreateLogGroupRequest::builder),
            Map.entry("MetricFilter", PutMetricFilterRequest::builder),
            Map.entry("Role", CreateRoleRequest::builder),
            Map.entry("Topic", CreateTopicRequest::builder),
            Map.entry("CacheParameterGroup", CreateCacheParameterGroupRequest::builder),
            Map.entry("CacheSubnetGroup", CreateCacheSubnetGroupRequest::builder),
            Map.entry("ReplicationGroup", CreateReplicationGroupRequest::builder),
            Map.entry("DbCluster", CreateDbClusterRequest::builder),
            Map.entry("DbClusterParameterGroup", CreateDbClusterParameterGroupRequest::builder),
            Map.entry("CacheUser", CreateUserRequest::builder),
            Map.entry("ServerlessCache", CreateServerlessCacheRequest::builder),
            Map.entry("CacheUserGroup", CreateUserGroupRequest::builder),
            Map.entry("DbInstance", CreateDbInstanceRequest::builder),
            Map.entry("DbParameterGroup", CreateDbParameterGroupRequest::builder),
            Map.entry("DbSubnetGroup", CreateDbSubnetGroupRequest::builder),
            Map.entry("Function", CreateFunctionRequest::builder),
            Map.entry("FunctionPermission", AddPermissionRequest::builder),
            Map.entry("Key", CreateKeyRequest::builder),
            Map.entry("KeyAlias", CreateAliasRequest::builder),
            Map.entry("SecretRotation", RotateSecretRequest::builder),
            Map.entry("Certificate", RequestCertificateRequest::builder),
            Map.entry("CachePolicy", CachePolicyConfig::builder),
            Map.entry(
                    "CloudFrontFunction",
                    software.amazon.awssdk.services.cloudfront.model.CreateFunctionRequest::builder),
            Map.entry("Distribution", DistributionConfig::builder),
            Map.entry("OriginRequestPolicy", OriginRequestPolicyConfig::builder),
            Map.entry("ResponseHeadersPolicy", ResponseHeadersPolicyConfig::builder),
            Map.entry("OriginAccessControl", OriginAccessControlConfig::builder),
            Map.entry("HostedZone", CreateHostedZoneRequest::builder),
            Map.entry("RecordSet", ResourceRecordSet::builder),
            Map.entry("Repository", CreateRepositoryRequest::builder),
            Map.entry("Bucket", CreateBucketRequest::builder),
            Map.entry("VpcOrigin", VpcOriginEndpointConfig::builder),
            Map.entry("SamplingRule", SamplingRule::builder),
            Map.entry("TraceGroup", CreateGroupRequest::builder),
            Map.entry("Secret", CreateSecretRequest::builder));

    private static final JsonNode FACTS = facts();

    static Collection<Kind<?>> kinds() {
        return TestKinds.all().all().values();
    }

    private static JsonNode facts() {
        try (InputStream file = ModelsTest.class.getResourceAsStream("/aws-models.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SdkPojo request(Kind<?> kind) {
        return Objects.requireNonNull(
                        REQUESTS.get(kind.info().name()), kind.info().name() + " has no entry in REQUESTS")
                .get();
    }

    private static List<Field> fields(Kind<?> kind) {
        return SpecModel.of(kind.info().spec()).fields();
    }

    private static String wireName(Field field) {
        WireName other = field.get(WireName.class);
        return (other == null ? field.name() : other.value()).toLowerCase(Locale.ROOT);
    }

    private static JsonNode member(JsonNode shape, Field field) {
        return shape.path("members").properties().stream()
                .filter(e -> e.getKey().toLowerCase(Locale.ROOT).equals(wireName(field)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    @Test
    void everyKindIsJudged() {
        assertThat(kinds()).extracting(k -> k.info().name()).allMatch(REQUESTS::containsKey);
        assertThat(FACTS.size()).isGreaterThanOrEqualTo(kinds().size());
    }

    /** {@code leavesOut} is exactly the members of the create request minus those of the spec. */
    @ParameterizedTest
    @MethodSource("kinds")
    void leavesOutWhatItDoesNotOffer(Kind<?> kind) {
        Set<String> offered = new TreeSet<>();
        fields(kind).forEach(f -> offered.add(wireName(f)));
        offered.addAll(ModelExceptions.RENAMED.getOrDefault(kind.info().name(), Set.of()));
        Set<String> leftOut = new TreeSet<>();
        kind.info().notOffered().keySet().stream()
                .filter(names -> !names.contains(".") && !names.contains("*"))
                .flatMap(names -> Stream.of(names.split(", ")))
                .forEach(name -> leftOut.add(name.toLowerCase(Locale.ROOT)));
        Set<String> expected = new TreeSet<>(
                ModelExceptions.OF_OTHER_REQUESTS.getOrDefault(kind.info().name(), Set.of()));
        SdkShapes.members(request(kind)).forEach((name, member) -> {
            if (!offered.contains(name)
                    && !ModelExceptions.OF_REQUESTS.contains(name)
                    && !member.containsTrait(DefaultValueTrait.class)
                    && !(name.startsWith("grant") && kind.info().notOffered().containsKey("Grant*"))) {
                expected.add(name);
            }
        });

        assertThat(leftOut).as("leavesOut of %s", kind.info().name()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void mapsEachComponentToAMember(Kind<?> kind) {
        SdkPojo request = request(kind);
        List<String> unknown = new ArrayList<>();
        for (Field field : fields(kind)) {
            if (!field.has(TagMap.class)
                    && SdkShapes.member(request, wireName(field)) == null
                    && !ModelExceptions.OTHER_CALLS
                            .getOrDefault(kind.info().name(), Map.of())
                            .containsKey(field.name())) {
                unknown.add(field.name());
            }
        }
        assertThat(unknown)
                .as("components of %s without a member", kind.info().name())
                .isEmpty();
    }

    /** A field at any depth of a spec, with the facts of the service model about its member. */
    private record JudgedField(String path, Class<?> record, Field field, JsonNode facts) {
        boolean isNested() {
            return path.contains(".");
        }
    }

    private static List<JudgedField> judged(Kind<?> kind) {
        List<JudgedField> all = new ArrayList<>();
        judge(kind.info().spec(), FACTS.path(kind.info().name()), "", all);
        return all;
    }

    private static void judge(Class<?> record, JsonNode shape, String prefix, List<JudgedField> all) {
        for (Field field : SpecModel.of(record).fields()) {
            JsonNode facts = member(shape, field);
            all.add(new JudgedField(prefix + field.name(), record, field, facts));
            Class<?> inner = field.isCollection() || field.isMap() ? field.element() : field.raw();
            if (inner.isRecord() && facts.has("members")) {
                judge(inner, facts, prefix + field.name() + ".", all);
            }
        }
    }

    private static List<String> wrong(Kind<?> kind, Function<JudgedField, Stream<String>> rule) {
        return judged(kind).stream()
                .flatMap(one -> rule.apply(one).map(wrong -> one.path() + " " + wrong))
                .toList();
    }

    /** A document may omit a field of a nested record that the constructor fills in. */
    @ParameterizedTest
    @MethodSource("kinds")
    void asksForWhatAwsRequires(Kind<?> kind) {
        assertThat(wrong(kind, one -> {
                    boolean asked =
                            one.field().has(Required.class) || one.field().has(PhysicalName.class);
                    return one.facts().path("required").asBoolean() && !asked && !(one.isNested() && hasDefault(one))
                            ? Stream.of("is required")
                            : Stream.of();
                }))
                .as("@Required in %s", kind.info().name())
                .isEmpty();
    }

    private static boolean hasDefault(JudgedField one) {
        SpecModel model = SpecModel.of(one.record());
        return one.field().read(model.make(new Object[model.fields().size()])) != null;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void hasTheRangesOfTheServiceModel(Kind<?> kind) {
        assertThat(wrong(kind, one -> {
                    Range range = one.field().get(Range.class);
                    JsonNode facts = one.facts();
                    boolean limited =
                            Number.class.isAssignableFrom(one.field().raw()) && facts.has("min") && facts.has("max");
                    return limited
                                    && (range == null
                                            || range.min() < facts.path("min").asLong()
                                            || range.max() > facts.path("max").asLong())
                            ? Stream.of("has the range " + range + ", in the model " + facts)
                            : Stream.of();
                }))
                .as("@Range in %s", kind.info().name())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void offersOnlyValuesThatTheServiceHas(Kind<?> kind) {
        assertThat(wrong(kind, one -> {
                    JsonNode known = one.facts().path("enum");
                    Class<?> type = one.field().isCollection()
                            ? one.field().element()
                            : one.field().raw();
                    Offers offers = one.field().get(Offers.class);
                    List<String> values = offers != null
                            ? List.of(offers.value())
                            : type.isEnum()
                                    ? Texts.offered(type).stream()
                                            .map(Object::toString)
                                            .toList()
                                    : List.of();
                    if (!known.isArray()) {
                        return Stream.of();
                    }
                    if (values.isEmpty() && type == String.class) {
                        return Stream.of("takes any text, the model only " + known);
                    }
                    return type.getName().startsWith("software.amazon")
                            ? Stream.of()
                            : values.stream()
                                    .filter(value -> known.valueStream()
                                            .noneMatch(k -> k.asText().equals(value)))
                                    .map(value -> "has " + value);
                }))
                .as("values in %s", kind.info().name())
                .isEmpty();
    }

    /** {@code @Immutable} marks exactly the members that the service cannot change. */
    @ParameterizedTest
    @MethodSource("kinds")
    void marksWhatTheServiceCannotChange(Kind<?> kind) {
        JsonNode facts = FACTS.path(kind.info().name());
        Set<String> createOnly = new TreeSet<>();
        facts.path("createOnly").forEach(name -> createOnly.add(name.asText().toLowerCase(Locale.ROOT)));
        Set<String> either = new TreeSet<>();
        facts.path("conditionalCreateOnly")
                .forEach(name -> either.add(name.asText().toLowerCase(Locale.ROOT)));
        List<String> wrong = new ArrayList<>();
        for (Field field : fields(kind)) {
            String name = wireName(field);
            boolean immutable = field.has(Immutable.class) || field.has(PhysicalName.class);
            if (facts.has("createOnly")
                    && !field.has(TagMap.class)
                    && !either.contains(name)
                    && !ModelExceptions.JUDGED.containsKey(kind.info().name() + "/" + field.name())
                    && immutable != createOnly.contains(name)) {
                wrong.add(field.name() + (immutable ? " is marked, CloudFormation changes it" : " is not marked"));
            }
        }
        assertThat(wrong).as("@Immutable in %s", kind.info().name()).isEmpty();
    }
}
