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
        @Doc("The deployment strategy: ROLLING. Other strategies shift traffic between two target groups, and are not"
                + " offered yet. If the field is absent, a service with another strategy in AWS is Delegated: it is"
                + " observed, and not written.")
        @Offers("ROLLING")
        @Nullable
        DeploymentStrategy strategy,

        @Doc("How many tasks must stay healthy in a rollout, in percent of desiredCount.") @Nullable
        Integer minimumHealthyPercent,

        @Doc("How many tasks may run in a rollout, in percent of desiredCount.") @Nullable
        Integer maximumPercent,

        @Doc("The circuit breaker, which fails a rollout whose tasks do not become healthy.") @Nullable
        CircuitBreaker deploymentCircuitBreaker,

        @Doc("The alarms that fail a rollout when one of them fires.") @Nullable
        RolloutAlarms alarms) {

    public record ThresholdConfiguration(
            @Doc("The meaning of the value: COUNT, or a percentage of desiredCount, with AWS's bounds or without.")
            @Required
            @Nullable
            ThresholdType type,

            @Doc("The count or the percentage; AWS's default is 50 percent.") @Required @Nullable
            Integer value) {}

    public record CircuitBreaker(
            @Doc("Whether the circuit breaker is on, so that a rollout can fail.") @Required @Nullable
            Boolean enable,

            @Doc("Whether a failed rollout is rolled back to the last completed deployment.") @Required @Nullable
            Boolean rollback,

            @Doc("Whether a healthy task resets the count of failures to 0; AWS's default is true.") @Nullable
            Boolean resetOnHealthyTask,

            @Doc("The number of failed tasks after which the rollout fails.") @Nullable
            ThresholdConfiguration thresholdConfiguration) {}

    public record RolloutAlarms(
            @Doc("The names of the CloudWatch alarms.") @Required @Ref("Alarm") @Nullable
            Set<String> alarmNames,

            @Doc("Whether the alarms can fail a rollout.") @Required @Nullable
            Boolean enable,

            @Doc("Whether a failed rollout is rolled back.") @Required @Nullable
            Boolean rollback) {
        public RolloutAlarms {
            alarmNames = alarmNames == null ? null : Ecs.sorted(alarmNames);
        }
    }
}
