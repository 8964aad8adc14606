package dev.holdfast.engine;

import java.util.Map;
import java.util.TreeMap;

/** The type and the id by which Terraform imports a resource of ours. */
final class TerraformAddresses {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("Alarm", "aws_cloudwatch_metric_alarm"),
            Map.entry("EcsCluster", "aws_ecs_cluster"),
            Map.entry("EcsService", "aws_ecs_service"),
            Map.entry("ElasticIp", "aws_eip"),
            Map.entry("InternetGateway", "aws_internet_gateway"),
            Map.entry("Listener", "aws_lb_listener"),
            Map.entry("ListenerRule", "aws_lb_listener_rule"),
            Map.entry("LoadBalancer", "aws_lb"),
            Map.entry("LogGroup", "aws_cloudwatch_log_group"),
            Map.entry("NatGateway", "aws_nat_gateway"),
            Map.entry("Role", "aws_iam_role"),
            Map.entry("RouteTable", "aws_route_table"),
            Map.entry("ScalableTarget", "aws_appautoscaling_target"),
            Map.entry("ScalingPolicy", "aws_appautoscaling_policy"),
            Map.entry("SecurityGroup", "aws_security_group"),
            Map.entry("Subnet", "aws_subnet"),
            Map.entry("TargetGroup", "aws_lb_target_group"),
            Map.entry("TaskDefinition", "aws_ecs_task_definition"),
            Map.entry("Vpc", "aws_vpc"),
            Map.entry("VpcEndpoint", "aws_vpc_endpoint"));

    private TerraformAddresses() {}

    /**
     * The import ids of a stack's resources, by address. In Terraform, the associations of a route table are resources.
     */
    static Map<String, String> of(StackView stack) {
        Map<String, String> ids = new TreeMap<>();
        for (ResourceView resource : stack.resources().values()) {
            String type = TYPES.get(resource.id().kind());
            if (type == null) {
                throw new AssertionError("no type of Terraform's for " + resource.id());
            }
            ids.put(type + "." + resource.id().name(), importId(resource));
            if (resource.outputs().get("associationIds") instanceof Map<?, ?> associations) {
                associations
                        .keySet()
                        .forEach(subnet ->
                                ids.put("aws_route_table_association." + subnet, subnet + "/" + resource.physicalId()));
            }
        }
        return ids;
    }

    private static String importId(ResourceView resource) {
        String id = String.valueOf(resource.physicalId());
        return switch (resource.id().kind()) {
            case "EcsCluster" -> id.substring(id.lastIndexOf('/') + 1);
            case "EcsService" -> id.substring(id.indexOf(":service/") + ":service/".length());
            case "ScalingPolicy" ->
                id.substring(id.indexOf("resource/") + "resource/".length())
                        .replace(":policyName/", "/ecs:service:DesiredCount/");
            default -> id;
        };
    }
}
