package dev.holdfast.engine;

import static dev.holdfast.engine.PolicyFixtures.TRUST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.GuardedChange;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.Guardrails.AllowedScope;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.model.TestGuardrails;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The attempts of a publisher of the desired state and of a stranger in the account, and the rules that stopped them.
 */
class AttackersDayTest {
    private static final Duration A_WHILE = Duration.ofMinutes(5);
    private static final String ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";

    private static String role(String lifecycle, String more) {
        return Docs.document("Role", "api", lifecycle, "'assumeRolePolicyDocument':" + TRUST + more);
    }

    private static World guarded() {
        World world = new World();
        world.guardrails = within(AllowedScope.ANYTHING);
        return world;
    }

    private static GuardrailsState within(AllowedScope allow) {
        return TestGuardrails.active(
                new Guardrails(allow, null, null, null, EnumSet.allOf(GuardedChange.class), PolicySet.NONE));
    }

    private static void somebodysRole(World world, String name, Tag... tags) {
        world.somebody(IamClient.class)
                .createRole(r -> r.roleName(name)
                        .assumeRolePolicyDocument(TRUST.replace('\'', '"'))
                        .tags(tags));
    }

    @Test
    void aTaskDoesNotGetAnAdministratorsRole() {
        try (World world = guarded()) {
            somebodysRole(world, "admin");
            world.desire(
                            Docs.of(
                                    Docs.document(
                                            "TaskDefinition",
                                            "api",
                                            "",
                                            "'taskRoleArn':'arn:aws:iam::123456789012:role/admin','cpu':'256','memory':'512','requiresCompatibilities':['FARGATE'],"
                                                    + "'networkMode':'awsvpc','containerDefinitions':[{'name':'api','image':'nginx'}]")))
                    .run(A_WHILE);

            assertThat(world.resource("TaskDefinition/api").reason())
                    .as(world.describe())
                    .isEqualTo(Reason.GuardrailNeedsApproval);
            assertThat(world.writes()).isEmpty();
        }
    }

    @Test
    void aStrangersRoleAndBucketAreNotTakenOver() {
        try (World world = guarded()) {
            somebodysRole(world, "theirs");
            world.somebody(S3Client.class).createBucket(r -> r.bucket("their-data"));
            String bucket = Docs.document(
                    "Bucket", "theirs", "'adopt':'IfUnowned','onDelete':'Delete'", "'bucketName':'their-data'");
            world.desire(Docs.of(
                            role(
                                    "'adopt':'IfUnowned'",
                                    ",'roleName':'theirs','managedPolicyArns':['" + ADMINISTRATOR + "']"),
                            bucket))
                    .run(A_WHILE);
            assertThat(world.resource("Role/api").reason()).isEqualTo(Reason.GuardrailNeedsApproval);
            assertThat(world.writes().keySet()).noneMatch(call -> call.startsWith("iam:"));

            // The bucket was adopted, but the guardrails hold its deletion.
            world.desire(Docs.of(Docs.alarm("a", 1))).run(A_WHILE);
            assertThat(world.resource("Bucket/theirs").reason()).isEqualTo(Reason.GuardrailNeedsApproval);
            world.somebody(S3Client.class).headBucket(r -> r.bucket("their-data"));
        }
    }

    @Test
    void nothingBeginsInAnotherRegion() {
        try (World world = guarded()) {
            world.guardrails =
                    within(new AllowedScope(Set.of("test"), Set.of(World.ACCOUNT), Set.of(World.REGION), null, null));
            world.desire(Docs.of(Docs.alarm("a", 1).replace("'name':'a'", "'name':'a','region':'us-east-1'")))
                    .run(A_WHILE);

            assertThat(world.resource("Alarm/a").reason()).as(world.describe()).isEqualTo(Reason.GuardrailsForbid);
            assertThat(world.writes()).isEmpty();
        }
    }

    @Test
    void aNameThatAStrangerTookIsLeftToThem() {
        try (World world = guarded()) {
            somebodysRole(world, "theirs");
            world.desire(Docs.of(role("", ",'roleName':'theirs'"))).run(A_WHILE);

            assertThat(world.status("Role/api")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Role/api").reason()).isEqualTo(Reason.NameTaken);
            assertThat(world.writes()).isEmpty();
        }
    }

    @Test
    void aRoleThatAStrangerTaggedAsOursGetsNoRights() {
        try (World world = new World()) {
            String desired = role("", ",'managedPolicyArns':['" + ADMINISTRATOR + "']");
            world.desire(Docs.of(desired)).converged();
            somebodysRole(
                    world,
                    "forged",
                    Tag.builder().key("holdfast:stack").value("inst/test").build(),
                    Tag.builder().key("holdfast:resource").value("Role/api").build());
            world.reconciler().requestFull();
            world.run(Duration.ofMinutes(90));

            assertThat(world.somebody(IamClient.class)
                            .listAttachedRolePolicies(r -> r.roleName("forged"))
                            .attachedPolicies())
                    .isEmpty();
            assertThat(world.view().drift()).anyMatch(item -> "forged".equals(item.physicalId()));
        }
    }

    @Test
    void rightsAndPortsThatAStrangerAddsAreTakenBack() {
        try (World world = guarded()) {
            world.guardrails = GuardrailsState.NONE;
            world.desire(Docs.of(
                            role("", ",'managedPolicyArns':[]"),
                            Docs.document("Vpc", "main", "", "'cidrBlock':'10.0.0.0/16'"),
                            Docs.document(
                                    "SecurityGroup",
                                    "api",
                                    "",
                                    "'vpcId':'${Vpc/main}','description':'x','ingress':[]")))
                    .converged();
            world.guardrails = within(AllowedScope.ANYTHING);
            String role = String.valueOf(world.resource("Role/api").physicalId());
            String group = String.valueOf(world.resource("SecurityGroup/api").physicalId());

            world.somebody(IamClient.class)
                    .attachRolePolicy(r -> r.roleName(role).policyArn(ADMINISTRATOR));
            world.somebody(Ec2Client.class)
                    .authorizeSecurityGroupIngress(r -> r.groupId(group)
                            .ipPermissions(IpPermission.builder()
                                    .ipProtocol("-1")
                                    .ipRanges(range -> range.cidrIp("0.0.0.0/0"))
                                    .build()));
            world.run(A_WHILE);

            assertThat(world.view().converged()).as(world.describe()).isTrue();
            assertThat(world.somebody(IamClient.class)
                            .listAttachedRolePolicies(r -> r.roleName(role))
                            .attachedPolicies())
                    .isEmpty();
        }
    }
}
