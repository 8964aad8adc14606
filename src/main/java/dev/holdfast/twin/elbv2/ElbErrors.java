package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.TwinErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;

/** The errors of Elastic Load Balancing; those for what is not there are typed, as kinds may catch them. */
final class ElbErrors {
    private ElbErrors() {}

    static AwsServiceException refused(String code, String message) {
        return TwinErrors.error(400, code, message);
    }

    static AwsServiceException invalid(String message) {
        return refused("ValidationError", message);
    }

    static AwsServiceException noLoadBalancer(String named) {
        return TwinErrors.error(
                LoadBalancerNotFoundException.builder(),
                400,
                "LoadBalancerNotFound",
                "Load balancers '[" + named + "]' not found");
    }

    static AwsServiceException noTargetGroup(String named) {
        return TwinErrors.error(
                TargetGroupNotFoundException.builder(),
                400,
                "TargetGroupNotFound",
                "Target groups '[" + named + "]' not found");
    }

    static AwsServiceException noListener(String arn) {
        return TwinErrors.error(
                ListenerNotFoundException.builder(),
                400,
                "ListenerNotFound",
                "One or more listeners not found: " + arn);
    }

    static AwsServiceException noRule(String arn) {
        return TwinErrors.error(
                RuleNotFoundException.builder(), 400, "RuleNotFound", "One or more rules not found: " + arn);
    }
}
