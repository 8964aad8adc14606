package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.Fork;
import dev.holdfast.kinds.elbv2.TargetGroups;
import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.state.StackState;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.ecs.TwinEcs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;

/**
 * While another controller manages the deployments of a service, the service is not written, and its weights stay
 * unchanged.
 */
class DelegatedTest {
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final List<String> ITS = List.of("EcsService/app", "TargetGroup/app", "ListenerRule/app");
    private static final String RULE = """
            ,{'apiVersion':'holdfast.dev/v1','kind':'ListenerRule','metadata':{'name':'app'},'spec':{
              'listenerArn':'${Listener/http}','priority':5,
              'conditions':[{'field':'path-pattern','pathPatternConfig':{'values':['/app']}}],
              'actions':[{'type':'forward','targetGroupArn':'${TargetGroup/app}'}]}}]
            """;

    private static String documents(String image) {
        String service = Docs.service(image, 10);
        return service.substring(0, service.length() - 1) + RULE;
    }

    /** The twin's ECS does not shift weights: another principal shifts them in its place. */
    private static void weightsMove(World world) {
        var elb = world.somebody(ElasticLoadBalancingV2Client.class);
        String blue = world.resource("TargetGroup/app").physicalId();
        String vpc = world.resource("Vpc/main").physicalId();
        String green = TargetGroups.create(elb, vpc, "green");
        elb.modifyRule(r -> r.ruleArn(world.resource("ListenerRule/app").physicalId())
                .actions(a -> a.type(ActionTypeEnum.FORWARD)
                        .forwardConfig(f -> f.targetGroups(
                                t -> t.targetGroupArn(green).weight(100),
                                t -> t.targetGroupArn(blue).weight(0)))));
        elb.modifyListener(r -> r.listenerArn(world.resource("Listener/http").physicalId())
                .defaultActions(a -> a.type(ActionTypeEnum.FORWARD).targetGroupArn(green)));
    }

    private static void strategy(World world, DeploymentStrategy strategy) {
        EcsClient ecs = world.somebody(EcsClient.class);
        String cluster = world.resource("EcsCluster/main").physicalId();
        String service = world.resource("EcsService/app").physicalId();
        var now = ecs.describeServices(r -> r.cluster(cluster).services(service))
                .services()
                .getFirst()
                .deploymentConfiguration();
        ecs.updateService(
                r -> r.cluster(cluster).service(service).deploymentConfiguration(now.copy(d -> d.strategy(strategy))));
    }

    private static void controller(World world, DeploymentControllerType type) {
        world.somebody(EcsClient.class)
                .updateService(r -> r.cluster(world.resource("EcsCluster/main").physicalId())
                        .service(world.resource("EcsService/app").physicalId())
                        .deploymentController(c -> c.type(type)));
    }

    private static Arguments mode(String name, Consumer<World> switched) {
        return Arguments.of(name, switched);
    }

    static Stream<Arguments> modes() {
        return Stream.concat(
                Stream.concat(
                        Stream.of(DeploymentStrategy.BLUE_GREEN, DeploymentStrategy.LINEAR, DeploymentStrategy.CANARY)
                                .map(s -> mode("strategy is " + s, world -> strategy(world, s))),
                        Stream.of(DeploymentControllerType.CODE_DEPLOY, DeploymentControllerType.EXTERNAL)
                                .map(t -> mode("type is " + t, world -> controller(world, t)))),
                Stream.of(mode(
                        "resourceManagementType is ECS",
                        world -> ((TwinEcs) world.somebody(EcsClient.class))
                                .manage(world.resource("EcsService/app").physicalId()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modes")
    void aModeThatNoDocumentAsksForEndsTheWriting(String mode, Consumer<World> switched) {
        try (World world = new World()) {
            world.desire(documents("app:1")).converged();
            Map<String, Long> before = world.writes();
            switched.accept(world);
            weightsMove(world);

            world.run(SOON);

            assertThat(world.writes()).as(world.describe()).isEqualTo(before);
            ITS.forEach(id -> {
                assertThat(world.resource(id).reason()).as(id).isEqualTo(Reason.Delegated);
                assertThat(world.resource(id).message()).contains(mode);
                assertThat(world.events)
                        .filteredOn(e -> id.equals(String.valueOf(e.resource()))
                                && e.reason().equals("Delegated"))
                        .hasSize(1);
            });
            assertThat(world.status("Listener/http")).isEqualTo(Status.Synced);

            world.restart().run(SOON);
            ITS.forEach(id -> assertThat(world.events)
                    .as("a restart repeats no event")
                    .filteredOn(e -> id.equals(String.valueOf(e.resource()))
                            && e.reason().equals("Delegated"))
                    .hasSize(1));
        }
    }

    @Test
    void itsListenerStaysOursOtherwise() {
        try (World world = new World()) {
            world.desire(documents("app:1")).converged();
            strategy(world, DeploymentStrategy.BLUE_GREEN);
            weightsMove(world);
            world.run(Duration.ofMinutes(2));
            String listener = world.resource("Listener/http").physicalId();
            var elb = world.somebody(ElasticLoadBalancingV2Client.class);
            elb.modifyListener(r -> r.listenerArn(listener).port(81));

            world.run(Duration.ofMinutes(2));

            assertThat(elb.describeListeners(r -> r.listenerArns(listener)).listeners())
                    .singleElement()
                    .satisfies(l -> {
                        assertThat(l.port()).isEqualTo(80);
                        assertThat(l.defaultActions().getFirst().targetGroupArn())
                                .contains("/green/");
                    });
        }
    }

    /** The operator cannot apply the revision, and the status reports that. */
    @Test
    void aRevisionWaitsUntilTheModeIsOver() {
        try (World world = new World()) {
            world.desire(documents("app:1")).converged();
            strategy(world, DeploymentStrategy.BLUE_GREEN);
            world.run(Duration.ofMinutes(2));

            world.desire(documents("app:2"));
            world.run(SOON);
            assertThat(world.status("EcsService/app")).isEqualTo(Status.Pending);
            assertThat(world.resource("EcsService/app").reason()).isEqualTo(Reason.Delegated);

            strategy(world, DeploymentStrategy.ROLLING);
            world.converged();
            assertThat(world.events).anyMatch(e -> e.reason().equals("DelegationEnded"));
        }
    }

    @Test
    void aStrategyThatIsDeclaredIsPutBack() {
        try (World world = new World()) {
            String declared = documents("app:1")
                    .replace("'deploymentConfiguration':{", "'deploymentConfiguration':{'strategy':'ROLLING',");
            world.desire(declared).converged();
            strategy(world, DeploymentStrategy.BLUE_GREEN);

            world.converge(SOON);

            assertThat(world.somebody(EcsClient.class)
                            .describeServices(r -> r.cluster(
                                            world.resource("EcsCluster/main").physicalId())
                                    .services(world.resource("EcsService/app").physicalId()))
                            .services()
                            .getFirst()
                            .deploymentConfiguration()
                            .strategy())
                    .isEqualTo(DeploymentStrategy.ROLLING);
        }
    }

    /** Without the service's state, the operator cannot know whether it may repair the weights. */
    @Test
    void weightsAreNotPutBackWhileTheServiceCannotBeRead() {
        try (World world = new World()) {
            world.desire(documents("app:1")).converged();
            Map<String, Long> before = world.writes();
            world.twin.faults().add("ecs:DescribeServices", new TwinFault.Deny());
            weightsMove(world);

            world.run(SOON);

            assertThat(world.writes()).as(world.describe()).isEqualTo(before);
            assertThat(world.resource("ListenerRule/app").reason()).isEqualTo(Reason.DependencyUnknown);
            world.twin.faults().clear();
            world.converged();
        }
    }

    /** A Managed Instances provider belongs to its cluster: the provider is no difference and is not removed. */
    @Test
    void aProviderThatIsBoundToTheClusterIsNoDifference() {
        try (World world = new World()) {
            world.desire("""
                [{'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},
                  'spec':{'capacityProviders':['FARGATE']}}]""").converged();
            Map<String, Long> before = world.writes();
            String cluster = world.resource("EcsCluster/main").physicalId();
            world.somebody(EcsClient.class)
                    .createCapacityProvider(
                            r -> r.name("managed").cluster(cluster).managedInstancesProvider(m -> {}));

            world.run(SOON);

            assertThat(world.status("EcsCluster/main")).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(world.writes()).isEqualTo(before);
        }
    }

    @Test
    void theCircuitBreakerKeepsWhatTheDocumentDoesNotSay() {
        try (World world = new World()) {
            world.desire(documents("app:1")).converged();
            String cluster = world.resource("EcsCluster/main").physicalId();
            String service = world.resource("EcsService/app").physicalId();
            EcsClient ecs = world.somebody(EcsClient.class);
            ecs.updateService(r -> r.cluster(cluster)
                    .service(service)
                    .deploymentConfiguration(d -> d.deploymentCircuitBreaker(b -> b.enable(true)
                            .rollback(false)
                            .resetOnHealthyTask(false)
                            .thresholdConfiguration(t -> t.type("COUNT").value(7)))));

            world.run(SOON);

            var breaker = ecs.describeServices(r -> r.cluster(cluster).services(service))
                    .services()
                    .getFirst()
                    .deploymentConfiguration()
                    .deploymentCircuitBreaker();
            assertThat(breaker.rollback()).isTrue();
            assertThat(breaker.resetOnHealthyTask()).isFalse();
            assertThat(breaker.thresholdConfiguration().value()).isEqualTo(7);
        }
    }

    /** A service left the stack and is added again under the same name: the event is sent again. */
    @Test
    void aResourceThatLeftTheStackIsForgotten() {
        try (World world = new World()) {
            world.desire(documents("app:1.0.0"), Docs.UNLIMITED).converged();
            strategy(world, DeploymentStrategy.BLUE_GREEN);
            world.run(SOON);
            assertThat(told(world)).contains("EcsService/app");
            world.somebody(EcsClient.class)
                    .deleteService(
                            r -> r.cluster(world.resource("EcsCluster/main").physicalId())
                                    .service(world.resource("EcsService/app").physicalId())
                                    .force(true));

            world.desire(Docs.of(Docs.alarm("rest", 1)), Docs.UNLIMITED).run(Duration.ofHours(1));

            assertThat(told(world)).as(world.describe()).isEmpty();
        }
    }

    /** An approval of the deletion does not lift a pause that a person makes before the deletion begins. */
    @Test
    void aPauseStopsAnApprovedDeletion() {
        try (World world = new World()) {
            world.desire(documents("app:1.0.0"), Docs.UNLIMITED).converged();
            strategy(world, DeploymentStrategy.BLUE_GREEN);
            world.desire(Docs.of(Docs.alarm("rest", 1)), Docs.UNLIMITED).run(SOON);
            assertThat(world.resource("EcsService/app").reason()).isEqualTo(Reason.Delegated);

            world.approveHeld();
            world.pause("*", Duration.ofHours(1));
            world.run(SOON);

            assertThat(world.calls("ecs:DeleteService")).isZero();
            assertThat(world.status("EcsService/app")).isEqualTo(Status.Paused);
            world.run(Duration.ofHours(2));
            assertThat(world.calls("ecs:DeleteService")).isOne();
        }
    }

    private static Set<String> told(World world) {
        return StackState.load(world.state(), world.stack(), new Fork(1))
                .memory()
                .delegated()
                .keySet();
    }
}
