package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.engine.World;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Status;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * The generated policy as a filter in the twin: with it, a stack is created, changed in every way, repaired, replaced
 * and deleted. Without any one of its actions, a call is denied and reported.
 */
@Order(1)
class LeastPrivilegeTest {
    /** Load balancers in subnets without IPv6 have only one address type. */
    private static final Set<String> NEVER_HAPPENS = Set.of(
            "elasticloadbalancing:SetIpAddressType",
            // Further certificates of a listener are read only where a document owns them.
            "elasticloadbalancing:DescribeListenerCertificates",
            // Only after an approval, a failure or a loss (DatabaseApprovalsTest, DatabaseRestoreTest).
            "rds:DescribeDBInstanceAutomatedBackups",
            "rds:DescribeEvents",
            // Only if the class of an instance changes (DatabaseCoupledTest).
            "rds:DescribeOrderableDBInstanceOptions",
            "rds:RebootDBInstance",
            "rds:RestoreDBInstanceFromDBSnapshot",
            // Only after an alias was refused that another distribution has (DistributionTest).
            "cloudfront:ListConflictingAliases",
            // The hourly search lists functions of CloudFront, of which there are none here; a point read describes
            // one.
            "cloudfront:DescribeFunction",
            // Holdfast lists the keys only before it creates a key (KeyTest).
            "kms:ListKeys",
            "kms:ListResourceTags",
            // The zone is public.
            "route53:AssociateVPCWithHostedZone",
            "route53:DisassociateVPCFromHostedZone");

    /** In minutes. */
    private static final int A_WHILE = 10;

    /** In minutes: a day. */
    private static final int LONG = 24 * 60;

    private static final InstallationConfig ENVIRONMENT =
            new InstallationConfig("s3://desired/skinclub", "s3://operator-state/state", "inst", Set.of(), null, null);

    /** The actions that a stack needs before and after every field is changed. */
    private static Set<String> actions(Supplier<FlatStack> stack) {
        Set<String> both = new TreeSet<>(actions(stack.get()));
        both.addAll(actions(ChangedStack.of(stack.get())));
        return both;
    }

    /** The desired state is in memory here and not in a bucket. */
    static List<PolicyStatement> policy(FlatStack stack) {
        List<PolicyStatement> all = new ArrayList<>(OperatorPolicy.operator(ENVIRONMENT, null, false));
        all.addAll(StackPolicy.of(TestKinds.all(), "inst", stack.revision("test")));
        return all;
    }

    /** The policies of a stack as it is, of the changed one and of the last one, evaluated on each call of the operator. */
    private static PolicyAuthorizer authorizer(World world, Supplier<FlatStack> stack) {
        List<PolicyStatement> both = new ArrayList<>(policy(stack.get()));
        both.addAll(policy(ChangedStack.of(stack.get())));
        both.addAll(policy(last()));
        PolicyAuthorizer authorizer = new PolicyAuthorizer(world.twin, both);
        world.twin.faults().judge(world.caller(), authorizer);
        return authorizer;
    }

    private static Set<String> actions(FlatStack stack) {
        return policy(stack).stream()
                .filter(PolicyStatement::allows)
                .flatMap(s -> s.actions().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void letsAWholeLifePassThatWantsAllOfIt() {
        Set<String> allowed = actions(LeastPrivilegeTest::oneService);
        try (World world = worldWith(allowed, oneService())) {
            PolicyAuthorizer authorizer = authorizer(world, LeastPrivilegeTest::oneService);
            phases(world, LeastPrivilegeTest::oneService, () -> false).forEach(Runnable::run);

            assertThat(authorizer.outside()).isEmpty();
            assertThat(denied(world)).isEmpty();
            assertThat(world.view().resources().values())
                    .as(world.describe())
                    .singleElement()
                    .satisfies(r -> assertThat(r.status()).isEqualTo(Status.Synced));
            allowed.removeAll(NEVER_HAPPENS);
            allowed.removeAll(world.twin.faults().wantedActions());
            assertThat(allowed).as("allowed, and never wanted").isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "prod"})
    void letsAStackComeUpChangeAndGo(String name) {
        try (World world = worldWith(actions(() -> FlatStack.of(name)), FlatStack.of(name))) {
            PolicyAuthorizer authorizer = authorizer(world, () -> FlatStack.of(name));
            BooleanSupplier denied = () -> !authorizer.outside().isEmpty();
            converge(world, denied);
            desire(world, ChangedStack.of(FlatStack.of(name)));
            converge(world, denied);
            desire(world, last());
            run(
                    world,
                    40,
                    () -> denied.getAsBoolean() || world.view().resources().size() == 1);

            assertThat(authorizer.outside()).isEmpty();
            assertThat(denied(world)).isEmpty();
        }
    }

    /** Therefore a life of this smaller stack wants all actions of both. */
    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void oneServiceOfDevNeedsEveryActionThatTheStackNeeds(String name) {
        assertThat(actions(LeastPrivilegeTest::oneService)).containsAll(actions(() -> FlatStack.of(name)));
    }

    /**
     * The role begins without a permission: each action of the policy is missing once in one life, and an alert names
     * it.
     */
    @Test
    void eachActionIsNeededAndItsAbsenceIsTold() {
        Set<String> needed = actions(LeastPrivilegeTest::oneService);
        needed.removeAll(NEVER_HAPPENS);
        GrantsOnDemand grants = new GrantsOnDemand();
        try (World world = new World()) {
            world.stateOnTwin();
            desire(world, oneService());
            world.twin.faults().judge(world.caller(), grants);
            world.afterPass = () -> grants.listen(world);
            for (Runnable phase : phases(world, LeastPrivilegeTest::oneService, () -> {
                grants.grant();
                return false;
            })) {
                phase.run();
                for (int minute = 0; minute < LONG && grants.quietMinutes() < A_WHILE; minute++) {
                    world.run(Duration.ofMinutes(1));
                    grants.grant();
                }
            }

            assertThat(world.view().resources().values())
                    .as(world.describe())
                    .singleElement()
                    .satisfies(r -> assertThat(r.status()).isEqualTo(Status.Synced));
            assertThat(grants.untold()).as("denied, and nobody was told").isEmpty();
            Set<String> outside = grants.granted();
            outside.removeAll(needed);
            assertThat(outside).as("wanted, and not in the policy").isEmpty();
            needed.removeAll(grants.granted());
            assertThat(needed).as("in the policy, and never wanted").isEmpty();
        }
    }

    /** Six services need no other permissions than one. */
    static FlatStack oneService() {
        return FlatStack.of("dev")
                .without("(?!Bucket/).*/(bookings|identity|media|notifications|payments)(-.*)?")
                .each(
                        "Dashboard",
                        (n, s) -> s.set(
                                "dashboardBody",
                                FlatStack.json("{'widgets':[{'type':'text','properties':{'markdown':'one'}}]}")));
    }

    private static World worldWith(Set<String> actions, FlatStack stack) {
        World world = new World();
        world.stateOnTwin();
        desire(world, stack);
        world.twin
                .faults()
                .add(TwinFaultRule.on("*", new TwinFault.AllowOnly(List.copyOf(actions)))
                        .by(world.caller()));
        return world;
    }

    private static List<LoggedRequest> denied(World world) {
        return world.twin.log().requests().stream()
                .filter(r -> r.caller().equals(world.caller()))
                .filter(r -> r.error() != null
                        && r.error().matches("AccessDenied.*|UnauthorizedOperation|AuthorizationError"))
                .toList();
    }

    static void desire(World world, FlatStack stack) {
        stack.files("test")
                .forEach((path, text) ->
                        world.file(path, new String(text, StandardCharsets.UTF_8).replace("'", "\\u0027")));
    }

    /** @param start creates the initial stack, a new one each time */
    private static List<Runnable> phases(World world, Supplier<FlatStack> start, BooleanSupplier enough) {
        return List.of(
                () -> converge(world, enough),
                () -> {
                    somebodyMeddles(world);
                    run(world, 12, enough);
                },
                () -> desire(world, ChangedStack.of(start.get())),
                () -> converge(world, enough),
                () -> desire(
                        world,
                        start.get()
                                .each("TaskDefinition", LeastPrivilegeTest::badImage)
                                .each("Topic", (n, s) -> s.set("subscriptions", subscription(false)))),
                () -> run(world, 25, enough),
                () -> desire(world, start.get()),
                () -> converge(world, enough),
                () -> desire(world, last()),
                () -> run(world, 40, enough),
                // The secret of the database names the instance, which is not desired in this phase.
                () -> desire(world, start.get().only("Secret").without("Secret/main-database")),
                () -> converge(world, enough),
                () -> desire(world, last()),
                () -> run(world, 20, enough));
    }

    private static void converge(World world, BooleanSupplier enough) {
        for (int minute = 0; minute < A_WHILE; minute++) {
            world.converge(Duration.ofMinutes(1));
            if (world.view().converged() || enough.getAsBoolean()) {
                return;
            }
        }
    }

    private static void run(World world, int minutes, BooleanSupplier enough) {
        for (int minute = 0; minute < minutes && !enough.getAsBoolean(); minute++) {
            world.run(Duration.ofMinutes(1));
        }
    }

    private static void somebodyMeddles(World world) {
        // Certificates are read only for secure listeners.
        ElasticLoadBalancingV2Client elb = world.somebody(ElasticLoadBalancingV2Client.class);
        world.view().resources().values().stream()
                .filter(r -> r.id().kind().equals("Listener") && r.status() == Status.Synced)
                .forEach(
                        listener -> elb.modifyListener(
                                r -> r.listenerArn(listener.physicalId())
                                        .protocol(ProtocolEnum.HTTPS)
                                        .certificates(
                                                c -> c.certificateArn(
                                                        "arn:aws:acm:eu-west-2:123456789012:certificate/00000000-0000-0000-0000-000000000000"))));
        // The index of tags differs from the desired state after this call, so that the topic itself is read.
        SnsClient sns = world.somebody(SnsClient.class);
        sns.listTopics()
                .topics()
                .forEach(topic -> sns.tagResource(r -> r.resourceArn(topic.topicArn())
                        .tags(t -> t.key("Theirs").value("x"))));
        // Holdfast reads the providers of a cluster only if the account has a custom provider.
        EcsClient ecs = world.somebody(EcsClient.class);
        world.view().resources().values().stream()
                .filter(r -> r.id().kind().equals("EcsCluster") && r.status() == Status.Synced)
                .forEach(cluster -> ecs.createCapacityProvider(
                        r -> r.name("theirs").cluster(cluster.physicalId()).managedInstancesProvider(m -> {})));
        S3Client s3 = world.somebody(S3Client.class);
        world.view().resources().values().stream()
                .filter(r -> r.id().kind().equals("Bucket") && r.status() == Status.Synced)
                .forEach(bucket -> {
                    String name = bucket.physicalId();
                    s3.deletePublicAccessBlock(r -> r.bucket(name));
                    s3.deleteBucketOwnershipControls(r -> r.bucket(name));
                    s3.putBucketEncryption(r -> r.bucket(name)
                            .serverSideEncryptionConfiguration(c -> c.rules(rule -> rule.bucketKeyEnabled(true)
                                    .applyServerSideEncryptionByDefault(d -> d.sseAlgorithm("aws:kms")))));
                });
    }

    private static void badImage(String name, ObjectNode spec) {
        spec.path("containerDefinitions").forEach(c -> ((ObjectNode) c).put("image", "does-not-exist:bad"));
    }

    static JsonNode subscription(boolean raw) {
        return FlatStack.json(
                "[{'protocol':'sqs','endpoint':'arn:aws:sqs:eu-west-2:123456789012:q','rawMessageDelivery':" + raw
                        + "}]");
    }

    /** One resource has to remain, because a revision without resources is refused. */
    private static FlatStack last() {
        FlatStack last = FlatStack.of("dev").only("none");
        last.documents.add(
                FlatStack.json(
                        "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'last'},'spec':{'logGroupName':'last'}}"));
        return last;
    }
}
