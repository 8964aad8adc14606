package dev.holdfast.kinds.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.model.ResourceId;
import dev.holdfast.twin.InProcess;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.autoscaling.TwinAutoScaling;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

class ScalingKindsTest {
    /** A table, because the twin does not check the existence of a table. */
    private static final String WHAT = "'serviceNamespace': 'dynamodb', 'resourceId': 'table/t', 'scalableDimension':"
            + " 'dynamodb:table:ReadCapacityUnits'";

    private static final String TARGET = "{" + WHAT + ", 'minCapacity': 2, 'maxCapacity': 6,"
            + " 'suspendedState': {'dynamicScalingInSuspended': false}}";
    private static final String CPU = "{" + WHAT + """
        , 'policyName': 'cpu', 'policyType': 'TargetTrackingScaling', 'targetTrackingScalingPolicyConfiguration': {
          'targetValue': 60, 'predefinedMetricSpecification': {'predefinedMetricType': 'ECSServiceAverageCPUUtilization'},
          'scaleInCooldown': 60, 'scaleOutCooldown': 30, 'disableScaleIn': false}}
        """;
    private static final String OWN_METRIC = "{" + WHAT + """
        , 'policyName': 'cpu', 'policyType': 'TargetTrackingScaling', 'targetTrackingScalingPolicyConfiguration': {
          'targetValue': 10, 'customizedMetricSpecification': {'metricName': 'Depth', 'namespace': 'App',
            'statistic': 'Average', 'unit': 'Count',
            'dimensions': [{'name': 'Queue', 'value': 'q'}, {'name': 'Env', 'value': 'dev'}]}}}
        """;
    private static final String STEPS = "{" + WHAT + """
        , 'policyName': 'cpu', 'policyType': 'StepScaling', 'stepScalingPolicyConfiguration': {
          'adjustmentType': 'ChangeInCapacity', 'cooldown': 60, 'metricAggregationType': 'Maximum',
          'stepAdjustments': [{'metricIntervalLowerBound': 10, 'scalingAdjustment': 2},
                              {'metricIntervalLowerBound': 0, 'metricIntervalUpperBound': 10, 'scalingAdjustment': 1}]}}
        """;

    private final TwinSettings settings = new TwinSettings();
    private final InProcess clients = new InProcess(
            new TwinAccount(
                    "123456789012", Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC), settings, 1),
            "eu-west-2");
    private final CloudWatchClient cloudWatch = clients.client(CloudWatchClient.class);
    private final OneResource<ScalableTargetKind.Spec> target =
            new OneResource<>(new ScalableTargetKind(), clients, "ScalableTarget/t", null);
    private final OneResource<ScalingPolicyKind.Spec> policy =
            new OneResource<>(new ScalingPolicyKind(), clients, "ScalingPolicy/cpu", "cpu");

    private String makeTarget() {
        return target.create(target.desired(TARGET));
    }

    private List<String> alarms() {
        return cloudWatch.describeAlarms().metricAlarms().stream()
                .map(MetricAlarm::alarmName)
                .toList();
    }

    @Test
    void aTargetIsAsDesiredOnceCreated() {
        settings.pageSize(1);
        ScalableTargetKind.Spec spec = target.desired(TARGET);

        String id = target.create(spec);

        assertThat(target.diff(spec).changes()).isEmpty();
        Known<ScalableTargetKind.Spec> known = target.known(spec);
        assertThat(known.identity().physicalId())
                .isEqualTo(id)
                .isEqualTo("dynamodb/table/t/dynamodb:table:ReadCapacityUnits");
        assertThat(known.identity().resource()).isEqualTo(ResourceId.parse("ScalableTarget/t"));
        assertThat(known.outputs()).containsEntry("resourceId", "table/t").containsKey("arn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'minCapacity': 1",
                "'maxCapacity': 9",
                "'suspendedState': {'dynamicScalingInSuspended': true}",
                "'suspendedState': {'scheduledScalingSuspended': true, 'dynamicScalingOutSuspended': true}"
            })
    void aTargetIsUpdatedInOnePass(String changed) {
        makeTarget();
        ScalableTargetKind.Spec spec = target.desired("{" + WHAT + ", " + changed + "}");
        assertThat(target.diff(spec).changes()).isNotEmpty();

        target.converge(spec);

        assertThat(target.diff(spec).changes()).isEmpty();
    }

    @Test
    void aTargetIsFoundByItsRecordAloneAndDeletedWithItsPoliciesAndTheirAlarms() {
        // Given
        String id = makeTarget();
        policy.create(policy.desired(CPU));
        assertThat(target.observe(null, id, true)).hasSize(1);
        assertThat(alarms()).hasSize(2);

        // When
        target.delete(target.desired(TARGET));

        // Then
        assertThat(target.observe(target.desired(TARGET), id, true)).isEmpty();
        assertThat(policy.observe(policy.desired(CPU), null, false)).isEmpty();
        assertThat(alarms()).isEmpty();
    }

    @Test
    void aTargetIsRefusedWhereAwsRefusesIt() {
        assertThatThrownBy(() -> target.create(target.desired(TARGET.replace("6", "1"))))
                .satisfies(e -> assertThat(code(e)).isEqualTo("ValidationException"));
        assertThatThrownBy(() -> policy.create(policy.desired(CPU)))
                .hasMessageContaining("No scalable target registered for service namespace: dynamodb")
                .satisfies(e -> assertThat(code(e)).isEqualTo("ObjectNotFoundException"));
    }

    @Test
    void aTargetNeedsTheEcsServiceThatItScales() {
        String json = "{'serviceNamespace': 'ecs', 'resourceId': 'service/main/api',"
                + " 'scalableDimension': 'ecs:service:DesiredCount', 'minCapacity': 1, 'maxCapacity': 2}";

        assertThatThrownBy(() -> target.create(target.desired(json)))
                .hasMessageContaining("ECS service doesn't exist")
                .satisfies(e -> assertThat(code(e)).isEqualTo("ValidationException"));
    }

    @ParameterizedTest
    @ValueSource(strings = {CPU, OWN_METRIC, STEPS})
    void aPolicyIsAsDesiredOnceCreated(String json) {
        makeTarget();
        settings.pageSize(1);
        ScalingPolicyKind.Spec spec = policy.desired(json);

        String arn = policy.create(spec);

        assertThat(policy.diff(spec).changes()).isEmpty();
        assertThat(policy.known(spec).identity().resource()).isEqualTo(ResourceId.parse("ScalingPolicy/cpu"));
        assertThat(policy.known(spec).outputs()).containsEntry("arn", arn);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'targetValue': 50, 'predefinedMetricSpecification': {'predefinedMetricType':"
                        + " 'ECSServiceAverageCPUUtilization'}",
                "'targetValue': 60, 'predefinedMetricSpecification': {'predefinedMetricType':"
                        + " 'ECSServiceAverageMemoryUtilization'}",
                "'targetValue': 60, 'predefinedMetricSpecification': {'predefinedMetricType':"
                        + " 'ALBRequestCountPerTarget', 'resourceLabel': 'app/a/1/targetgroup/t/2'}",
                "'targetValue': 60, 'predefinedMetricSpecification': {'predefinedMetricType':"
                        + " 'ECSServiceAverageCPUUtilization'}, 'disableScaleIn': true, 'scaleInCooldown': 1,"
                        + " 'scaleOutCooldown': 2"
            })
    void aPolicyIsUpdatedInOnePass(String changed) {
        makeTarget();
        policy.create(policy.desired(CPU));
        ScalingPolicyKind.Spec spec = policy.desired("{" + WHAT + ", 'policyName': 'cpu',"
                + " 'policyType': 'TargetTrackingScaling', 'targetTrackingScalingPolicyConfiguration': {" + changed
                + "}}");
        assertThat(policy.diff(spec).changes()).isNotEmpty();

        policy.converge(spec);

        assertThat(policy.diff(spec).changes()).isEmpty();
        assertThat(alarms()).hasSize(2);
    }

    @Test
    void anUpdateKeepsWhatNobodyDeclared() {
        // Given
        makeTarget();
        policy.create(policy.desired(CPU));
        ScalingPolicyKind.Spec spec = policy.desired(CPU.replace("60, 'pre", "70, 'pre")
                .replace(", 'disableScaleIn': false", "")
                .replace("'scaleInCooldown': 60, ", ""));

        // When
        policy.converge(spec);

        // Then
        assertThat(policy.known(spec).spec().targetTrackingScalingPolicyConfiguration())
                .isNotNull()
                .satisfies(c -> {
                    assertThat(c.targetValue()).isEqualTo(70);
                    assertThat(c.scaleInCooldown()).isEqualTo(60);
                });
    }

    @Test
    void anUpdateKeepsTheMembersThatAreNotOffered() {
        // Given
        makeTarget();
        ScalingPolicyKind.Spec spec = policy.desired(OWN_METRIC);
        policy.create(spec);
        ApplicationAutoScalingClient scaling = clients.client(ApplicationAutoScalingClient.class);
        scaling.putScalingPolicy(r -> r.policyName("cpu")
                .policyType("TargetTrackingScaling")
                .serviceNamespace("dynamodb")
                .resourceId("table/t")
                .scalableDimension("dynamodb:table:ReadCapacityUnits")
                .targetTrackingScalingPolicyConfiguration(c -> c.targetValue(1d)
                        .customizedMetricSpecification(
                                m -> m.metrics(q -> q.id("m").expression("a / b")))));

        // When
        policy.converge(policy.desired("{" + WHAT + ", 'policyName': 'cpu', 'policyType': 'TargetTrackingScaling',"
                + " 'targetTrackingScalingPolicyConfiguration': {'targetValue': 10}}"));

        // Then
        var there = scaling.describeScalingPolicies(r -> r.serviceNamespace("dynamodb"))
                .scalingPolicies()
                .getFirst()
                .targetTrackingScalingPolicyConfiguration();
        assertThat(there.targetValue()).isEqualTo(10);
        assertThat(there.customizedMetricSpecification().metrics()).hasSize(1);
    }

    @Test
    void aPolicyIsPutAgainWhenOneOfItsAlarmsIsGone() {
        // Given
        makeTarget();
        ScalingPolicyKind.Spec spec = policy.desired(CPU);
        policy.create(spec);
        String low = alarms().stream()
                .filter(n -> n.contains("-AlarmLow-"))
                .findFirst()
                .orElseThrow();
        cloudWatch.deleteAlarms(r -> r.alarmNames(low));
        assertThat(policy.diff(spec).changes())
                .singleElement()
                .satisfies(c -> assertThat(c.path()).isEqualTo("/targetTrackingScalingPolicyConfiguration"));

        // When
        policy.converge(spec);

        // Then
        assertThat(policy.diff(spec).changes()).isEmpty();
        assertThat(alarms()).hasSize(2).doesNotContain(low);
    }

    @Test
    void aPolicyIsFoundByItsRecordAloneAndGoesWithItsAlarms() {
        makeTarget();
        ScalingPolicyKind.Spec spec = policy.desired(CPU);
        String arn = policy.create(spec);
        assertThat(policy.observe(null, arn, true)).hasSize(1);

        policy.delete(spec);

        assertThat(policy.observe(spec, arn, true)).isEmpty();
        assertThat(alarms()).isEmpty();
    }

    @Test
    void aPolicyOfTheSameNameOnSomethingElseIsAnother() {
        // Given
        ApplicationAutoScalingClient scaling = clients.client(ApplicationAutoScalingClient.class);
        scaling.registerScalableTarget(r -> r.serviceNamespace("dynamodb")
                .resourceId("table/other")
                .scalableDimension("dynamodb:table:ReadCapacityUnits")
                .minCapacity(1)
                .maxCapacity(2));
        scaling.putScalingPolicy(r -> r.policyName("cpu")
                .policyType("TargetTrackingScaling")
                .serviceNamespace("dynamodb")
                .resourceId("table/other")
                .scalableDimension("dynamodb:table:ReadCapacityUnits")
                .targetTrackingScalingPolicyConfiguration(c -> c.targetValue(1d)
                        .predefinedMetricSpecification(
                                m -> m.predefinedMetricType("DynamoDBReadCapacityUtilization"))));

        // When, Then
        assertThat(policy.observe(policy.desired(CPU), null, false))
                .singleElement()
                .isInstanceOfSatisfying(
                        Observation.Attached.class,
                        foreign -> assertThat(foreign.parent()).startsWith("dynamodb/table/other/"));
    }

    @Test
    void whatAServiceDeletesIsForgotten() {
        makeTarget();
        policy.create(policy.desired(CPU));

        clients.twin().service("eu-west-2", TwinAutoScaling.class).forgetResource(ServiceNamespace.DYNAMODB, "table/t");

        assertThat(target.observe(target.desired(TARGET), null, true)).isEmpty();
        assertThat(alarms()).isEmpty();
    }

    private static String code(Throwable e) {
        return ((AwsServiceException) e).awsErrorDetails().errorCode();
    }
}
