package dev.holdfast.app;

import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.ResourceId;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * The {@code aws} commands that the demo suggests: each changes a resource of the stack, and the operator undoes it.
 */
final class DemoSuggestions {
    private DemoSuggestions() {}

    /** @param installation a command that sets the installation for the commands of holdfast */
    static String commands(StackView view, URI endpoint, String installation, String account, String region) {
        StringBuilder text = new StringBuilder("\nIn another terminal:\n\n");
        text.append("  ").append(environment(endpoint, account, region)).append('\n');
        text.append("  ").append(installation).append('\n');
        text.append("\nBreak something and watch Holdfast repair it within seconds, and name who did it:\n\n");
        breaking(view)
                .values()
                .forEach(command -> text.append("  ").append(command).append('\n'));
        return text.append("\n  ./holdfast drift --stack ")
                .append(view.name())
                .append("\n\n")
                .toString();
    }

    static String environment(URI endpoint, String account, String region) {
        return "export AWS_ACCESS_KEY_ID=" + user() + "-" + account + " AWS_SECRET_ACCESS_KEY=x AWS_DEFAULT_REGION="
                + region + " AWS_REGION=" + region + " AWS_ENDPOINT_URL=" + endpoint;
    }

    /** The twin takes the name of the caller from the access key, so that drift names the user of the demo. */
    private static String user() {
        String name = System.getProperty("user.name", "");
        return name.matches("[A-Za-z0-9_.]+") ? name : "you";
    }

    /** The commands, by the resource that each changes. */
    static SequencedMap<ResourceId, String> breaking(StackView view) {
        SequencedMap<ResourceId, String> commands = new LinkedHashMap<>();
        add(
                commands,
                view,
                "SecurityGroup",
                r -> "aws ec2 authorize-security-group-ingress --group-id " + r.physicalId()
                        + " --protocol tcp --port 22 --cidr 0.0.0.0/0");
        add(
                commands,
                view,
                "ScalableTarget",
                r -> "aws application-autoscaling register-scalable-target --service-namespace ecs"
                        + " --scalable-dimension ecs:service:DesiredCount --resource-id " + text(r, "/resourceId")
                        + " --max-capacity 40");
        add(commands, view, "Alarm", r -> "aws cloudwatch delete-alarms --alarm-names " + text(r, "/alarmName"));
        add(
                commands,
                view,
                "TargetGroup",
                r -> "aws elbv2 modify-target-group --target-group-arn " + r.physicalId()
                        + " --health-check-path /wrong");
        add(commands, view, "Bucket", r -> "aws s3api delete-public-access-block --bucket " + r.physicalId());
        add(
                commands,
                view,
                "DbParameterGroup",
                r -> "aws rds modify-db-parameter-group --db-parameter-group-name " + r.physicalId()
                        + " --parameters ParameterName=" + firstName(r, "/parameters")
                        + ",ParameterValue=0,ApplyMethod=immediate");
        add(
                commands,
                view,
                "SamplingRule",
                r -> "aws xray update-sampling-rule --sampling-rule-update RuleName=" + text(r, "/ruleName")
                        + ",FixedRate=1");
        add(
                commands,
                view,
                "SecretRotation",
                r -> "aws secretsmanager rotate-secret --secret-id " + r.physicalId()
                        + " --no-rotate-immediately --rotation-rules AutomaticallyAfterDays=900");
        add(
                commands,
                view,
                "RecordSet",
                r -> "aws route53 change-resource-record-sets --hosted-zone-id " + text(r, "/hostedZoneId")
                        + " --change-batch '{\"Changes\":[{\"Action\":\"UPSERT\",\"ResourceRecordSet\":{\"Name\":\""
                        + text(r, "/name") + "\",\"Type\":\"" + text(r, "/type")
                        + "\",\"TTL\":60,\"ResourceRecords\":[{\"Value\":\"192.0.2.1\"}]}}]}'");
        add(
                commands,
                view,
                "Distribution",
                r -> "aws cloudfront get-distribution-config --id " + r.physicalId()
                        + " --query DistributionConfig | sed 's/redirect-to-https/allow-all/' > /tmp/cdn.json"
                        + " && aws cloudfront update-distribution --id " + r.physicalId()
                        + " --distribution-config file:///tmp/cdn.json --if-match $(aws cloudfront"
                        + " get-distribution-config --id " + r.physicalId()
                        + " --query ETag --output text) > /tmp/cdn.out");
        return commands;
    }

    private static void add(
            Map<ResourceId, String> commands, StackView view, String kind, Function<ResourceView, String> command) {
        view.resources().entrySet().stream()
                .filter(e -> e.getKey().kind().equals(kind))
                .findFirst()
                .ifPresent(e -> commands.put(e.getKey(), command.apply(e.getValue())));
    }

    private static String text(ResourceView resource, String pointer) {
        return resource.spec() == null ? "" : resource.spec().at(pointer).asText();
    }

    private static String firstName(ResourceView resource, String pointer) {
        return resource.spec() == null
                ? ""
                : resource.spec().at(pointer).properties().stream()
                        .map(Map.Entry::getKey)
                        .sorted()
                        .findFirst()
                        .orElse("");
    }
}
