package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.store.ReservedTags;
import dev.holdfast.twin.store.TwinItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Holdfast leaves an object that is not ours alone. If the document allows it, Holdfast adopts the object: it observes
 * and tags the object, and never creates it again.
 */
class AdoptionTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    private static Map<String, String> details(World world) {
        Map<String, String> details = new TreeMap<>();
        world.account().inventory().forEach(i -> details.put(i.type() + " " + i.id(), i.tags() + i.detail()));
        return details;
    }

    private static Set<String> ids(World world) {
        return world.account().inventory().stream()
                .filter(i -> !i.type().startsWith("ec2:network-interface")
                        && !i.type().startsWith("ecs:task/"))
                .map(TwinItem::arn)
                .collect(Collectors.toSet());
    }

    /** The calls that create or delete objects; CreateTags only tags. */
    private static List<String> made(World world) {
        List<String> made = new ArrayList<>();
        for (LoggedRequest request : world.twin.log().writes()) {
            String call = request.operation().substring(request.operation().indexOf(':') + 1);
            boolean makes = call.matches("(Create|Register|Run|Allocate|Delete|Deregister|Release|Terminate).*");
            if (makes && !call.equals("CreateTags") && "holdfast".equals(request.app())) {
                made.add(request.operation());
            }
        }
        return made;
    }

    @Test
    void aStrangerWithOurNameIsNeitherWrittenNorTagged() {
        try (World world = new World()) {
            HandMade made = HandMade.in(world, Map.of());
            Map<String, String> before = details(world);
            world.desire(made.documents("").replace("'adopt':'IfUnowned'", "'adopt':'Never'"));

            world.run(Duration.ofMinutes(30));

            for (String named : List.of(
                    "LogGroup/app", "Secret/key", "Bucket/media", "Role/app", "LoadBalancer/main", "EcsCluster/main")) {
                assertThat(world.status(named))
                        .as(named + "\n" + world.describe())
                        .isEqualTo(Status.Stalled);
                assertThat(world.resource(named).reason()).hasToString("NameTaken");
            }
            Map<String, String> after = details(world);
            before.forEach((id, detail) -> {
                if (!id.startsWith("ec2:network-interface") && !id.startsWith("ecs:task")) {
                    assertThat(after).containsEntry(id, detail);
                }
            });
        }
    }

    @Test
    void aStackMadeByHandIsTakenOverWithoutMakingAnythingAgain() {
        try (World world = new World()) {
            HandMade made = HandMade.in(world, Map.of("Owner", "somebody"));
            Set<String> before = ids(world);
            world.desire(made.documents(""));

            world.reconciler().plan();

            assertThat(world.writes()).isEmpty();
            List<Step> steps = world.view().plan().steps();
            assertThat(steps).as(world.describe()).hasSize(16).allMatch(s -> s.action() == Action.Adopt);
            assertThat(world.step("LogGroup/app").changes())
                    .anyMatch(c -> c.path().equals("/retentionInDays"));
            assertThat(world.step("Vpc/main").changes()).anyMatch(c -> c.path().equals("/tags/holdfast:resource"));

            world.converged();

            assertThat(made(world)).isEmpty();
            assertThat(ids(world)).isEqualTo(before);
            assertThat(world.owned())
                    .hasSize(16)
                    .allSatisfy((id, items) -> assertThat(items).as(id).hasSize(1))
                    .allSatisfy(
                            (id, items) -> assertThat(items.getFirst().tags()).containsEntry("Owner", "somebody"));
            assertThat(world.pass().writes()).isZero();
            assertThat(world.somebody(SecretsManagerClient.class)
                            .getSecretValue(r -> r.secretId(made.secret))
                            .secretString())
                    .isEqualTo("theirs");
            assertThat(world.somebody(S3Client.class)
                            .getBucketVersioning(r -> r.bucket(HandMade.BUCKET))
                            .statusAsString())
                    .isEqualTo("Enabled");
        }
    }

    @Test
    void andIsOursFromThenOn() {
        try (World world = new World()) {
            HandMade made = HandMade.in(world, Map.of());
            world.desire(made.documents("")).converged();
            world.clock.advance(Duration.ofMinutes(1));
            Ec2Client ec2 = world.somebody(Ec2Client.class);
            ec2.revokeSecurityGroupIngress(r -> r.groupId(made.taskGroup)
                    .securityGroupRuleIds(ec2
                            .describeSecurityGroupRules(
                                    q -> q.filters(f -> f.name("group-id").values(made.taskGroup)))
                            .securityGroupRules()
                            .stream()
                            .filter(rule -> !rule.isEgress())
                            .map(rule -> rule.securityGroupRuleId())
                            .toList()));

            world.stateIn(new MemoryStore());
            world.converged();

            assertThat(made(world)).isEmpty();
            assertThat(world.resource("SecurityGroup/tasks").physicalId()).isEqualTo(made.taskGroup);
            assertThat(world.resource("SecurityGroup/tasks").lastChange().action())
                    .isEqualTo(Action.Update);
        }
    }

    @Test
    void whatCloudFormationMadeWantsTheWordThatItLetsGo() {
        try (World world = new World()) {
            HandMade[] box = new HandMade[1];
            ReservedTags.asAws(() -> box[0] = HandMade.in(
                    world,
                    Map.of(
                            "aws:cloudformation:stack-name", "old",
                            "aws:cloudformation:stack-id", "arn:aws:cloudformation:eu-west-2:1:stack/old/1",
                            "aws:cloudformation:logical-id", "Thing")));
            HandMade made = box[0];
            Set<String> before = ids(world);
            world.desire(made.documents(""));
            world.run(SOON);
            assertThat(world.writes()).isEmpty();
            // The cluster, in which the service would be searched, is not ours.
            assertThat(world.status("EcsService/app")).isEqualTo(Status.Waiting);
            assertThat(world.view().resources().values())
                    .filteredOn(r -> !r.id().kind().equals("EcsService"))
                    .allSatisfy(r -> {
                        assertThat(r.reason()).as(r.id().toString()).hasToString("NameTaken");
                        assertThat(r.message()).contains("CloudFormation");
                    });

            world.desire(made.documents("'handover':true,")).converged();

            assertThat(made(world)).isEmpty();
            assertThat(ids(world)).isEqualTo(before);
            assertThat(world.owned())
                    .hasSize(16)
                    .allSatisfy((id, items) ->
                            assertThat(items.getFirst().tags()).containsEntry("aws:cloudformation:stack-name", "old"));
            assertThat(world.pass().writes()).isZero();
        }
    }

    @Test
    void whatBelongsToAnotherStackOfOursIsNotTakenOver() {
        try (World world = new World()) {
            world.somebody(IamClient.class)
                    .createRole(r -> r.roleName("hand-made")
                            .assumeRolePolicyDocument(HandMade.TRUST)
                            .tags(
                                    t -> t.key("holdfast:stack").value("inst/prod"),
                                    t -> t.key("holdfast:resource").value("Role/app")));
            world.desire("""
                [{'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'app'},'lifecycle':{'adopt':'IfUnowned'},'spec':{
                  'roleName':'hand-made','assumeRolePolicyDocument':%s}}]
                """.formatted(HandMade.TRUST));

            world.run(SOON);

            assertThat(world.writes()).isEmpty();
            assertThat(world.status("Role/app")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Role/app").message()).contains("inst/prod");
        }
    }

    @Test
    void whatCouldOnlyBeReplacedAfterwardsWaitsForAnApproval() {
        try (World world = new World()) {
            HandMade made = HandMade.in(world, Map.of());
            world.desire(made.documents("").replace("'cidrBlock':'10.9.0.0/24'", "'cidrBlock':'10.9.7.0/24'"));

            world.run(SOON);

            assertThat(world.status("Subnet/a")).as(world.describe()).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("Subnet/a").reason()).hasToString("AdoptWouldReplace");
            assertThat(made(world)).isEmpty();
        }
    }

    @Test
    void anIdThatIsNotThereIsNotAnsweredWithANewOne() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc("'lifecycle':{'adopt':'IfUnowned','id':'vpc-0123456789abcdef0'},")));

            world.run(SOON);

            assertThat(world.writes()).isEmpty();
            assertThat(world.status("Vpc/main")).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("Vpc/main").reason()).hasToString("NothingToAdopt");
        }
    }
}
