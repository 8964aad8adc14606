package dev.holdfast.app;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A stack in which every field that can be changed in place is changed. */
final class ChangedStack {
    private ChangedStack() {}

    /** Changes every field that can be changed. */
    static FlatStack of(FlatStack other) {
        other.tag("Other", "x");
        other.each("LogGroup", (n, s) -> s.put("retentionInDays", 0));
        other.each("Role", (n, s) -> {
            if (s.has("description")) {
                s.put("description", "another");
            }
            s.set("policies", FlatStack.json("[]"));
            s.set("managedPolicyArns", FlatStack.json("['arn:aws:iam::aws:policy/ReadOnlyAccess']"));
            s.withObject("/assumeRolePolicyDocument")
                    .path("Statement")
                    .forEach(x -> ((ObjectNode) x).remove("Condition"));
        });
        other.each("Bucket", (n, s) -> {
            s.set("policy", FlatStack.json("{}"));
            s.set("corsConfiguration", FlatStack.json("{'corsRules':[]}"));
            s.set("lifecycleConfiguration", FlatStack.json("{'rules':[]}"));
            s.put("versioning", "Suspended");
        });
        other.each("Vpc", (n, s) -> s.put("enableDnsHostnames", false));
        other.each("Subnet", (n, s) -> s.put("mapPublicIpOnLaunch", true));
        other.each("SecurityGroup", (n, s) -> {
            s.path("ingress").forEach(r -> ((ObjectNode) r).put("description", "other"));
            s.path("egress").forEach(r -> ((ObjectNode) r).put("description", "other"));
        });
        other.each("LoadBalancer", (n, s) -> {
            s.withObject("/loadBalancerAttributes").put("idle_timeout.timeout_seconds", "90");
            s.set("subnets", FlatStack.json("['${Subnet/main-public-a}','${Subnet/main-private-b}']"));
            s.set("securityGroups", FlatStack.json("['${SecurityGroup/main-alb}','${SecurityGroup/main-service}']"));
        });
        other.each(
                "Listener",
                (n, s) -> s.set(
                        "defaultActions",
                        FlatStack.json("[{'type':'fixed-response','fixedResponseConfig':{'statusCode':'404'}}]")));
        other.each("ListenerRule", (n, s) -> {
            s.put("priority", s.path("priority").asInt() + 7);
            s.set(
                    "conditions",
                    FlatStack.json("[{'field':'path-pattern','pathPatternConfig':{'values':['/other-" + n + "']}}]"));
        });
        other.each("RouteTable", (n, s) -> {
            switch (n) {
                case "main-private-a" -> {
                    s.set(
                            "routes",
                            FlatStack.json(
                                    "[{'destinationCidrBlock':'0.0.0.0/0','gatewayId':'${InternetGateway/main}'},"
                                            + "{'destinationCidrBlock':'192.168.0.0/16','natGatewayId':'${NatGateway/main-a}'}]"));
                    s.set(
                            "associations",
                            FlatStack.json(
                                    "[{'subnetId':'${Subnet/main-private-a}'},{'subnetId':'${Subnet/main-private-b}'}]"));
                }
                case "main-private-b" -> s.set("associations", FlatStack.json("[]"));
                default -> {}
            }
        });
        other.each("VpcEndpoint", (n, s) -> {
            if (s.has("routeTableIds")) {
                s.set("routeTableIds", FlatStack.json("['${RouteTable/main-private-a}']"));
            }
        });
        other.each("Topic", (n, s) -> {
            s.put("displayName", "another");
            s.set("subscriptions", LeastPrivilegeTest.subscription(true));
        });
        other.each("Repository", (n, s) -> {
            s.set("imageScanningConfiguration", FlatStack.json("{'scanOnPush':false}"));
            s.set("lifecyclePolicy", FlatStack.json("{}"));
            s.set(
                    "repositoryPolicy",
                    FlatStack.json("{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':"
                            + "{'AWS':'arn:aws:iam::123456789012:root'},'Action':['ecr:BatchGetImage']}]}"));
        });
        other.each("Dashboard", (n, s) -> s.set("dashboardBody", FlatStack.json("{'widgets':[]}")));
        other.each("TargetGroup", (n, s) -> {
            s.put("healthCheckPath", "/other");
            s.withObject("/targetGroupAttributes").put("deregistration_delay.timeout_seconds", "10");
        });
        other.each("EcsCluster", (n, s) -> {
            s.set("settings", FlatStack.json("[{'name':'containerInsights','value':'enabled'}]"));
            s.set("capacityProviders", FlatStack.json("['FARGATE']"));
        });
        other.each("TaskDefinition", (n, s) -> s.put("memory", "1024"));
        other.each("ScalableTarget", (n, s) -> s.put("maxCapacity", 9));
        other.each("Alarm", (n, s) -> s.put("threshold", 77));
        other.each("Secret", (n, s) -> s.put("description", "another"));
        other.each("DbSubnetGroup", (n, s) -> s.put("dbSubnetGroupDescription", "another"));
        other.each("DbParameterGroup", (n, s) -> s.withObject("/parameters").put("log_min_duration_statement", "900"));
        other.each("DbInstance", (n, s) -> s.put("backupRetentionPeriod", 9));
        other.each("SamplingRule", (n, s) -> s.put("fixedRate", 0.3));
        other.each("TraceGroup", (n, s) -> s.put("filterExpression", "fault"));
        other.each("HostedZone", (n, s) -> s.withObject("/hostedZoneConfig").put("comment", "another"));
        other.each("Certificate", (n, s) -> s.put("certificateTransparencyLoggingPreference", "DISABLED"));
        other.each("OriginAccessControl", (n, s) -> s.put("description", "another"));
        other.each("Distribution", (n, s) -> s.put("comment", "another"));
        other.each("Function", (n, s) -> {
            s.put("memorySize", 640);
            s.withObject("/code").put("imageUri", "123456789012.dkr.ecr.eu-west-2.amazonaws.com/holdfast:2.0.0");
        });
        other.each("CacheSubnetGroup", (n, s) -> s.put("cacheSubnetGroupDescription", "another"));
        other.each(
                "CacheParameterGroup", (n, s) -> s.withObject("/parameters").put("maxmemory-policy", "volatile-ttl"));
        other.each(
                "ReplicationGroup", (n, s) -> s.put("snapshotRetentionLimit", 9).put("numCacheClusters", 2));
        return other;
    }
}
