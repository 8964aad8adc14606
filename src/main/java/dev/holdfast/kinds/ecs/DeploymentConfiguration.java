package dev.holdfast.kinds.ecs;

import dev.holdfast.kind.*;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStage;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookTargetType;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.ThresholdType;

/**
 * How a rollout of a service proceeds, and when it has failed.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html">
 *     DeploymentConfiguration</a>
 */
public record DeploymentConfiguration(
        @Doc("How a rollout goes on. ROLLING if the document does not say; a service that has another one then is"
                + " observed, and not written.")
        @Nullable
        DeploymentStrategy strategy,

        @Doc("Minutes in which both revisions run after the traffic has moved; not with ROLLING.")
        @Range(min = 0, max = 1440)
        @Nullable
        Integer bakeTimeInMinutes,

        @Doc("How much traffic moves at once, with LINEAR.") @Nullable
        LinearConfiguration linearConfiguration,

        @Doc("How much traffic moves first, with CANARY.") @Nullable
        CanaryConfiguration canaryConfiguration,

        @Doc("What is asked at stages of a deployment, not with ROLLING.") @Nullable
        List<LifecycleHook> lifecycleHooks,

        @Doc("How many tasks must stay healthy in a rollout, in percent of desiredCount.") @Nullable
        Integer minimumHealthyPercent,

        @Doc("How many tasks may run in a rollout, in percent of desiredCount.") @Nullable
        Integer maximumPercent,

        @Doc("Fails a rollout whose tasks do not become healthy.") @Nullable
        CircuitBreaker deploymentCircuitBreaker,

        @Doc("Fails a rollout in which one of these alarms goes off.") @Nullable
        RolloutAlarms alarms) {

    public record LinearConfiguration(
            @Doc("Percent of the traffic that a step moves; 10 in AWS if absent.") @Range(min = 3, max = 100) @Nullable
            Double stepPercent,

            @Doc("Minutes between two steps; 6 in AWS if absent.") @Range(min = 0, max = 1440) @Nullable
            Integer stepBakeTimeInMinutes) {}

    public record CanaryConfiguration(
            @Doc("Percent of the traffic that moves first; 5 in AWS if absent.") @Nullable
            Double canaryPercent,

            @Doc("Minutes until the rest moves; 10 in AWS if absent.") @Range(min = 0, max = 1440) @Nullable
            Integer canaryBakeTimeInMinutes) {}

    public record LifecycleHook(
            @Doc("AWS_LAMBDA, or PAUSE until somebody lets the deployment go on.") @Nullable
            DeploymentLifecycleHookTargetType targetType,

            @Doc("The function, by ARN.") @Nullable String hookTargetArn,

            @Doc("The role with which ECS calls the function.") @Ref(value = "Role", output = "arn") @Nullable
            String roleArn,

            @Doc("The stages at which it is asked.") @Nullable
            Set<DeploymentLifecycleHookStage> lifecycleStages) {}

    public record ThresholdConfiguration(
            @Doc("How the value counts: COUNT, or a percentage of desiredCount, within AWS's bounds or not.")
            @Required
            @Nullable
            ThresholdType type,

            @Doc("The count or the percentage; 50 percent in AWS if absent.") @Required @Nullable
            Integer value) {}

    public record CircuitBreaker(
            @Doc("Whether a rollout can fail.") @Required @Nullable
            Boolean enable,

            @Doc("Whether a failed one is rolled back to the last that completed.") @Required @Nullable
            Boolean rollback,

            @Doc("Whether a healthy task sets the count of failures back to 0; true in AWS if absent.") @Nullable
            Boolean resetOnHealthyTask,

            @Doc("After how many failed tasks the rollout has failed.") @Nullable
            ThresholdConfiguration thresholdConfiguration) {}

    public record RolloutAlarms(
            @Doc("Names of CloudWatch alarms.") @Required @Ref("Alarm") @Nullable
            Set<String> alarmNames,

            @Doc("Whether they count.") @Required @Nullable Boolean enable,

            @Doc("Whether a failed rollout is rolled back.") @Required @Nullable
            Boolean rollback) {
        public RolloutAlarms {
            alarmNames = alarmNames == null ? null : Ecs.sorted(alarmNames);
        }
    }
}
