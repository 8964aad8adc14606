package dev.holdfast.kinds.ecs;

import dev.holdfast.kind.*;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.ThresholdType;

/**
 * How a rollout of a service proceeds, and when it has failed.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html">
 *     DeploymentConfiguration</a>
 */
public record DeploymentConfiguration(
        @Doc(
                "How a rollout goes on: ROLLING. The others shift traffic between two target groups, and are not offered yet."
                        + " If the document does not say, a service that has another one in AWS is Delegated: it is observed, and"
                        + " not written.")
        @Offers("ROLLING")
        @Nullable
        DeploymentStrategy strategy,

        @Doc("How many tasks must stay healthy in a rollout, in percent of desiredCount.") @Nullable
        Integer minimumHealthyPercent,

        @Doc("How many tasks may run in a rollout, in percent of desiredCount.") @Nullable
        Integer maximumPercent,

        @Doc("Fails a rollout whose tasks do not become healthy.") @Nullable
        CircuitBreaker deploymentCircuitBreaker,

        @Doc("Fails a rollout in which one of these alarms goes off.") @Nullable
        RolloutAlarms alarms) {

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
