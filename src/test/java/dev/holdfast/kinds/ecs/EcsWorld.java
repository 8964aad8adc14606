package dev.holdfast.kinds.ecs;

import dev.holdfast.aws.Clients;
import dev.holdfast.kinds.elbv2.TargetGroups;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.InProcess;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.iam.IamClient;

/** An account with all resources that a service on Fargate needs: network, roles, log group, target group, listener. */
public final class EcsWorld {
    static final String TRUST = """
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
         "Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}\
        """;

    public final DrivenClock clock;
    public final TwinSettings settings;
    public final Clients clients;
    public final EcsClient ecs;
    public final Ec2Client ec2;
    public final ElasticLoadBalancingV2Client elb;
    public final String subnetA;
    public final String subnetB;
    public final String group;
    public final String otherGroup;
    public final String targetGroup;
    public final String loneTargetGroup;
    public final String role;

    public EcsWorld() {
        this(new DrivenClock(Instant.parse("2025-01-01T00:00:00Z")), new TwinSettings());
    }

    private EcsWorld(DrivenClock clock, TwinSettings settings) {
        this(clock, settings, new InProcess(new TwinAccount("123456789012", clock, settings, 1), "eu-west-2"));
    }

    public EcsWorld(DrivenClock clock, TwinSettings settings, Clients clients) {
        this.clock = clock;
        this.settings = settings;
        this.clients = clients;
        this.ecs = clients.client(EcsClient.class);
        this.ec2 = clients.client(Ec2Client.class);
        this.elb = clients.client(ElasticLoadBalancingV2Client.class);
        String vpc = ec2.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
        String gateway = ec2.createInternetGateway(r -> {}).internetGateway().internetGatewayId();
        ec2.attachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(vpc));
        subnetA = subnet(vpc, "10.0.0.0/24", "eu-west-2a");
        subnetB = subnet(vpc, "10.0.1.0/24", "eu-west-2b");
        group = group(vpc, "tasks");
        otherGroup = group(vpc, "others");
        targetGroup = TargetGroups.create(elb, vpc, "api");
        loneTargetGroup = TargetGroups.create(elb, vpc, "lone");
        String balancer = elb.createLoadBalancer(
                        r -> r.name("main").subnets(subnetA, subnetB).securityGroups(group))
                .loadBalancers()
                .getFirst()
                .loadBalancerArn();
        elb.createListener(r -> r.loadBalancerArn(balancer)
                .port(80)
                .protocol(ProtocolEnum.HTTP)
                .defaultActions(a -> a.type(ActionTypeEnum.FORWARD).targetGroupArn(targetGroup)));
        role = role("execution");
        clients.client(CloudWatchLogsClient.class).createLogGroup(r -> r.logGroupName("/api"));
        pass(Duration.ofMinutes(5));
    }

    private String subnet(String vpc, String cidr, String zone) {
        return ec2.createSubnet(r -> r.vpcId(vpc).cidrBlock(cidr).availabilityZone(zone))
                .subnet()
                .subnetId();
    }

    private String group(String vpc, String name) {
        return ec2.createSecurityGroup(r -> r.vpcId(vpc).groupName(name).description(name))
                .groupId();
    }

    public String role(String name) {
        IamClient iam = clients.client(IamClient.class);
        String arn = iam.createRole(r -> r.roleName(name).assumeRolePolicyDocument(TRUST))
                .role()
                .arn();
        iam.attachRolePolicy(r ->
                r.roleName(name).policyArn("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"));
        return arn;
    }

    public void pass(Duration time) {
        clock.advance(time);
    }

    /** Lets enough time pass for tasks to start, become healthy and stop; reads often, as a daemon does. */
    public void settle() {
        for (int i = 0; i < 60; i++) {
            pass(Duration.ofSeconds(10));
            ecs.describeClusters(r -> {});
        }
    }

    /** @return the ARN of the task definition */
    public String taskDefinition(String image) {
        return taskDefinition(image, r -> {});
    }

    /** @return the ARN of the task definition */
    public String taskDefinition(String image, Consumer<RegisterTaskDefinitionRequest.Builder> more) {
        return ecs.registerTaskDefinition(r -> more.accept(r.family("api")
                        .cpu("256")
                        .memory("512")
                        .networkMode("awsvpc")
                        .requiresCompatibilitiesWithStrings("FARGATE")
                        .executionRoleArn(role)
                        .containerDefinitions(c -> c.name("api")
                                .image(image)
                                .portMappings(p -> p.containerPort(8080))
                                .logConfiguration(l -> l.logDriver("awslogs")
                                        .options(Map.of(
                                                "awslogs-group", "/api",
                                                "awslogs-region", "eu-west-2",
                                                "awslogs-stream-prefix", "api"))))))
                .taskDefinition()
                .taskDefinitionArn();
    }

    public List<String> interfaces() {
        return ec2.describeNetworkInterfacesPaginator(r -> {}).networkInterfaces().stream()
                .filter(i -> i.description().contains("attachment/"))
                .map(i -> i.networkInterfaceId())
                .toList();
    }
}
