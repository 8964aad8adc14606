package dev.holdfast.app;

import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The {@code aws} commands that the demo suggests: each changes a resource of the stack, and the operator undoes it.
 */
final class DemoSuggestions {
    private DemoSuggestions() {}

    static String commands(StackView view, URI endpoint, int port, String account, String region) {
        StringBuilder text = new StringBuilder("\nBreak something and watch Holdfast repair it within a minute:\n\n");
        text.append("  export AWS_ACCESS_KEY_ID=")
                .append(account)
                .append(" AWS_SECRET_ACCESS_KEY=x AWS_DEFAULT_REGION=")
                .append(region)
                .append(" AWS_REGION=")
                .append(region)
                .append(" AWS_ENDPOINT_URL=")
                .append(endpoint)
                .append('\n');
        first(view, "SecurityGroup")
                .ifPresent(r -> text.append("  aws ec2 authorize-security-group-ingress --group-id ")
                        .append(r.physicalId())
                        .append(" --protocol tcp --port 22 --cidr 0.0.0.0/0\n"));
        first(view, "ScalableTarget")
                .ifPresent(r -> text.append(
                                "  aws application-autoscaling register-scalable-target --service-namespace ecs"
                                        + " --scalable-dimension ecs:service:DesiredCount --resource-id ")
                        .append(spec(r, "resourceId"))
                        .append(" --max-capacity 40\n"));
        first(view, "Alarm")
                .ifPresent(r -> text.append("  aws cloudwatch delete-alarms --alarm-names ")
                        .append(spec(r, "alarmName"))
                        .append('\n'));
        first(view, "TargetGroup")
                .ifPresent(r -> text.append("  aws elbv2 modify-target-group --target-group-arn ")
                        .append(r.physicalId())
                        .append(" --health-check-path /wrong\n"));
        first(view, "Bucket")
                .ifPresent(r -> text.append("  aws s3api delete-public-access-block --bucket ")
                        .append(r.physicalId())
                        .append('\n'));
        return text.append("\n  curl -s http://127.0.0.1:")
                .append(port)
                .append("/api/v1/stacks/")
                .append(view.name())
                .append("/drift\n\n")
                .toString();
    }

    private static String spec(ResourceView resource, String field) {
        return resource.spec() == null ? "" : resource.spec().path(field).asText();
    }

    private static Optional<ResourceView> first(StackView view, String kind) {
        return view.resources().entrySet().stream()
                .filter(e -> e.getKey().kind().equals(kind))
                .map(Map.Entry::getValue)
                .filter(Objects::nonNull)
                .findFirst();
    }
}
