package dev.holdfast.api;

import dev.holdfast.engine.ResourceView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pages of AWS's console that show a resource, derived from its kind, its region and its physical id. AWS documents
 * none of these addresses. If AWS moves a page, its link leads to the console's start page.
 */
public final class ConsoleLinks {
    private static final String PAGE = "AWS console";

    /** CloudFront, IAM and Route 53 have one console for all regions. */
    private static final String GLOBAL = "us-east-1";

    private final String region;
    private final String id;
    private final Map<String, Object> outputs;

    private ConsoleLinks(String region, String id, Map<String, Object> outputs) {
        this.region = region;
        this.id = id;
        this.outputs = outputs;
    }

    public record ConsoleLink(String name, String url) {}

    /**
     * @param stackRegion the region of the stack; null if it is not known, so that there are no
     *     links
     */
    static List<ConsoleLink> of(ResourceView view, @Nullable String stackRegion) {
        String id = view.physicalId();
        String region = regionOf(view, stackRegion);
        if (id == null || region == null) {
            return List.of();
        }
        return new ConsoleLinks(region, id, view.outputs()).of(view.id().kind());
    }

    /** The region in the ARN; without one, the resource's own region, which may differ from the stack's region. */
    private static @Nullable String regionOf(ResourceView view, @Nullable String stackRegion) {
        String arn = String.valueOf(view.outputs().getOrDefault("arn", view.physicalId()));
        String[] parts = arn.split(":", 5);
        return arn.startsWith("arn:") && parts.length == 5 && !parts[3].isEmpty()
                ? parts[3]
                : view.region() == null ? stackRegion : view.region();
    }

    private List<ConsoleLink> of(String kind) {
        return switch (kind) {
            case "EcsService" -> service();
            case "EcsCluster" -> page("/ecs/v2/clusters/" + last(id) + "/services?region=" + region);
            case "TaskDefinition" ->
                page("/ecs/v2/task-definitions/" + last(id).replace(':', '/') + "/containers?region=" + region);
            case "LoadBalancer" -> page("/ec2/home?region=" + region + "#LoadBalancer:loadBalancerArn=" + id);
            case "TargetGroup" -> page("/ec2/home?region=" + region + "#TargetGroup:targetGroupArn=" + id);
            case "DbInstance" -> page("/rds/home?region=" + region + "#database:id=" + name() + ";is-cluster=false");
            case "DbCluster" -> page("/rds/home?region=" + region + "#database:id=" + name() + ";is-cluster=true");
            case "ReplicationGroup" -> page("/elasticache/home?region=" + region + "#/redis/" + id);
            case "Distribution" -> global("/cloudfront/v4/home#/distributions/" + id);
            case "Bucket" -> page("/s3/buckets/" + id + "?region=" + region);
            case "Role" -> global("/iam/home#/roles/details/" + encoded(id));
            case "HostedZone" -> global("/route53/v2/hostedzones#ListRecordSets/" + last(id));
            case "SecurityGroup" -> vpc("SecurityGroup:groupId=");
            case "Vpc" -> vpc("VpcDetails:VpcId=");
            case "Subnet" -> vpc("SubnetDetails:subnetId=");
            case "NatGateway" -> vpc("NatGatewayDetails:natGatewayId=");
            case "RouteTable" -> vpc("RouteTableDetails:RouteTableId=");
            case "LogGroup" -> logs("Logs");
            case "Alarm" -> page("/cloudwatch/home?region=" + region + "#alarmsV2:alarm/" + encoded(id));
            case "Function" -> page("/lambda/home?region=" + region + "#/functions/" + encoded(id));
            case "Secret" -> page("/secretsmanager/secret?name=" + encoded(secretName()) + "&region=" + region);
            case "Topic" -> page("/sns/v3/home?region=" + region + "#/topic/" + id);
            case "Certificate" -> page("/acm/home?region=" + region + "#/certificates/" + last(id));
            default -> List.of();
        };
    }

    private List<ConsoleLink> service() {
        String at = "/ecs/v2/clusters/" + outputs.get("clusterName") + "/services/" + outputs.get("name");
        return outputs.containsKey("clusterName")
                ? List.of(
                        link(PAGE, region, at + "/health?region=" + region),
                        link("Logs", region, at + "/logs?region=" + region),
                        link("Events", region, at + "/events?region=" + region))
                : List.of();
    }

    /** The console encodes the name twice, with {@code $} for the second percent sign. */
    private List<ConsoleLink> logs(String name) {
        String twice = encoded(encoded(id)).replace('%', '$');
        return List.of(
                link(name, region, "/cloudwatch/home?region=" + region + "#logsV2:log-groups/log-group/" + twice));
    }

    private List<ConsoleLink> vpc(String where) {
        return page("/vpcconsole/home?region=" + region + "#" + where + id);
    }

    private List<ConsoleLink> page(String path) {
        return List.of(link(PAGE, region, path));
    }

    /** A page of a console that all commercial regions share; each other partition has its own console. */
    private List<ConsoleLink> global(String path) {
        return List.of(link(PAGE, host(region).equals("console.aws.amazon.com") ? GLOBAL : region, path));
    }

    private static ConsoleLink link(String name, String region, String path) {
        return new ConsoleLink(name, "https://" + region + "." + host(region) + path);
    }

    private static String host(String region) {
        return region.startsWith("cn-")
                ? "console.amazonaws.cn"
                : region.startsWith("us-gov-") ? "console.amazonaws-us-gov.com" : "console.aws.amazon.com";
    }

    private String name() {
        return String.valueOf(outputs.getOrDefault("identifier", id));
    }

    private String secretName() {
        return String.valueOf(outputs.getOrDefault("name", id));
    }

    /** The last part of an ARN or of a path. */
    private static String last(String text) {
        String end = text.substring(text.lastIndexOf('/') + 1);
        return end.startsWith("arn:") ? end.substring(end.lastIndexOf(':') + 1) : end;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
