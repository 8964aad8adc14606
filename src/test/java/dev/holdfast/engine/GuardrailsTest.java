package dev.holdfast.engine;

import static dev.holdfast.engine.PolicyFixtures.ADMIN;
import static dev.holdfast.engine.PolicyFixtures.STRANGERS_TRUST;
import static dev.holdfast.engine.PolicyFixtures.TRUST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.GuardedChange;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.Guardrails.AllowedScope;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.Reason;
import dev.holdfast.model.StackSettings.Limits;
import dev.holdfast.model.TestGuardrails;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;

/** A publisher of the desired state cannot bypass the guardrails, in whatever form the documents declare a change. */
class GuardrailsTest {
    private static final Duration A_WHILE = Duration.ofMinutes(5);
    private static final String EVERYBODY =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':'*','Action':'%s'%s}]}";

    private static String role(String more) {
        return Docs.document("Role", "api", "'onReplace':'Allow'", "'assumeRolePolicyDocument':" + TRUST + more);
    }

    private static String rule(String source) {
        return "{'protocol':'tcp','fromPort':22,'toPort':22," + source + "}";
    }

    private static GuardrailsState requiring(Set<GuardedChange> classes) {
        return TestGuardrails.requiring(classes, PolicySet.NONE);
    }

    private static final GuardrailsState ALL = requiring(EnumSet.allOf(GuardedChange.class));

    /**
     * Converges without guardrails, changes the desired state under guardrails, and expects that the step waits for an
     * approval and is then applied.
     */
    private static void waits(String before, String after, String resource, GuardedChange... why) {
        try (World world = new World()) {
            world.desire(Docs.of(before), Docs.UNLIMITED).converged();
            Map<String, Long> written = world.writes();
            world.guardrails = requiring(Set.of(why));
            world.desire(Docs.of(after), Docs.UNLIMITED).run(A_WHILE);

            assertThat(world.resource(resource).reason()).as(world.describe()).isEqualTo(Reason.GuardrailNeedsApproval);
            assertThat(world.resource(resource).message()).contains(why[0].name());
            assertThat(world.writes()).isEqualTo(written);

            world.approveHeld();
            world.run(A_WHILE);
            assertThat(world.writes()).isNotEqualTo(written);
        }
    }

    @Test
    void aRoleGetsRightsOnlyWithAnApproval() {
        waits(role(""), role(",'policies':" + ADMIN), "Role/api", GuardedChange.IamWidened);
        waits(
                role(""),
                role(",'managedPolicyArns':['arn:aws:iam::aws:policy/AdministratorAccess'],'tags':{'a':'b'}"),
                "Role/api",
                GuardedChange.IamWidened);
        // The document allows the replacement.
        waits(role(""), role(",'path':'/x/','policies':" + ADMIN), "Role/api", GuardedChange.IamWidened);
    }

    @Test
    void aRoleIsTrustedOrUnboundOnlyWithAnApproval() {
        waits(role(""), role("").replace(TRUST, STRANGERS_TRUST), "Role/api", GuardedChange.TrustChanged);
        String bound = ",'permissionsBoundary':'arn:aws:iam::aws:policy/PowerUserAccess'";
        waits(role(bound), role(",'permissionsBoundary':''"), "Role/api", GuardedChange.BoundaryChanged);
        waits(
                role(bound),
                role(bound.replace("PowerUser", "Administrator")),
                "Role/api",
                GuardedChange.BoundaryChanged);
        waits(role(bound), role(",'path':'/x/'"), "Role/api", GuardedChange.BoundaryChanged);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'cidrIpv4':'0.0.0.0/0'",
                "'cidrIpv6':'::/0'",
                "'cidrIpv4':'128.0.0.0/1'",
                "'cidrIpv4':'64.0.0.0/2'",
            })
    void thePortOpensToTheInternetOnlyWithAnApproval(String source) {
        waits(Docs.groupInVpc(""), Docs.groupInVpc(rule(source)), "SecurityGroup/api", GuardedChange.InternetIngress);
    }

    @Test
    void aPrivateRuleBesideAnOpenOneGoes() {
        String open = rule("'cidrIpv4':'0.0.0.0/0'");
        try (World world = new World()) {
            world.desire(Docs.of(Docs.groupInVpc(open))).converged();
            world.guardrails = ALL;
            world.desire(Docs.of(Docs.groupInVpc(open + "," + rule("'cidrIpv4':'10.1.0.0/16'"))))
                    .converged();
        }
    }

    @Test
    void nothingBecomesPublicWithoutAnApproval() {
        String bucket = Docs.document("Bucket", "media", "", "'bucketName':'media-1'%s");
        String everybody = EVERYBODY.formatted("s3:GetObject", ",'Resource':'arn:aws:s3:::media-1/*'");
        waits(
                bucket.formatted(""),
                bucket.formatted(",'policy':" + everybody),
                "Bucket/media",
                GuardedChange.PublicAccess);
        String blocked =
                ",'publicAccessBlock':{'blockPublicAcls':%1$s,'ignorePublicAcls':%1$s,'blockPublicPolicy':%1$s,'restrictPublicBuckets':%1$s}";
        waits(
                bucket.formatted(blocked.formatted("true")),
                bucket.formatted(blocked.formatted("false")),
                "Bucket/media",
                GuardedChange.PublicAccess);
        String repository = Docs.document("Repository", "api", "", "'repositoryName':'api'%s");
        waits(
                repository.formatted(""),
                repository.formatted(",'repositoryPolicy':" + EVERYBODY.formatted("ecr:BatchGetImage", "")),
                "Repository/api",
                GuardedChange.PublicAccess);
    }

    @Test
    void dataAndLogsGoOnlyWithAnApproval() {
        String other = Docs.alarm("a", 1);
        String delete = "'onDelete':'Delete','onReplace':'Allow'";
        String log = Docs.document("LogGroup", "api", delete, "'logGroupName':'/api'");
        waits(log + "," + other, other, "LogGroup/api", GuardedChange.DataDeleted);
        waits(log, log.replace("/api'", "/other'"), "LogGroup/api", GuardedChange.DataDeleted);
        String bucket = Docs.document("Bucket", "media", delete, "'bucketName':'media-1'");
        waits(bucket + "," + other, other, "Bucket/media", GuardedChange.DataDeleted);
    }

    @Test
    void theWayOverTwoRevisionsWaitsToo() {
        try (World world = new World()) {
            world.desire(Docs.of(role(""))).converged();
            world.guardrails = ALL;
            world.desire(Docs.of(role(",'policies':" + ADMIN))).run(A_WHILE);
            Map<String, Long> written = world.writes();

            world.desire(Docs.of(role(",'policies':" + ADMIN + ",'tags':{'harmless':'x'}")))
                    .run(A_WHILE);

            assertThat(world.resource("Role/api").reason()).isEqualTo(Reason.GuardrailNeedsApproval);
            assertThat(world.writes()).isEqualTo(written);
            // Another role gets the same rights.
            world.desire(Docs.of(role(""), role(",'policies':" + ADMIN).replace("'api'", "'other'")))
                    .run(A_WHILE);
            assertThat(world.resource("Role/other").reason()).isEqualTo(Reason.GuardrailNeedsApproval);
            assertThat(world.writes()).isEqualTo(written);
        }
    }

    @Test
    void aPatchIsNoWayAround() {
        try (World world = new World()) {
            world.desire(Docs.of(role(""))).converged();
            world.guardrails = ALL;
            world.file(
                    "test/p.json",
                    "{'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'api'},'spec':{'policies':"
                            + ADMIN + "}}");
            world.desire(Docs.of(role("")), "'patches':['p.json'],").run(A_WHILE);

            assertThat(world.resource("Role/api").reason())
                    .as(world.describe())
                    .isEqualTo(Reason.GuardrailNeedsApproval);
        }
    }

    @Test
    void whatVanishedComesBackWithRightsOnlyWithAnApproval() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.groupInVpc(rule("'cidrIpv4':'0.0.0.0/0'"))))
                    .converged();
            world.guardrails = ALL;
            String id = world.resource("SecurityGroup/api").physicalId();
            world.somebody(Ec2Client.class).deleteSecurityGroup(r -> r.groupId(id));
            world.run(Duration.ofMinutes(12));

            assertThat(world.resource("SecurityGroup/api").reason()).isEqualTo(Reason.GuardrailNeedsApproval);
        }
    }

    @Test
    void aRepairOfDriftNeedsNoApproval() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.groupInVpc(rule("'cidrIpv4':'0.0.0.0/0'"))))
                    .converged();
            world.guardrails = ALL;
            String id = world.resource("SecurityGroup/api").physicalId();
            world.somebody(Ec2Client.class)
                    .revokeSecurityGroupIngress(r -> r.groupId(id)
                            .ipPermissions(IpPermission.builder()
                                    .ipProtocol("tcp")
                                    .fromPort(22)
                                    .toPort(22)
                                    .ipRanges(range -> range.cidrIp("0.0.0.0/0"))
                                    .build()));
            world.run(A_WHILE);

            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }

    @Test
    void theCeilingsCountForEveryRevision() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(5, 1)), Docs.UNLIMITED).converged();
            world.guardrails = TestGuardrails.active(new Guardrails(
                    AllowedScope.ANYTHING, new Limits(1, 1, 50, 10), null, null, Set.of(), PolicySet.NONE));
            Map<String, Long> written = world.writes();

            world.desire(Docs.of(Docs.alarms(2, 1)), Docs.UNLIMITED).run(A_WHILE);

            assertThat(world.resource("Alarm/a4").reason()).isEqualTo(Reason.LimitExceeded);
            assertThat(world.writes()).isEqualTo(written);
        }
    }

    @Test
    void nothingIsWrittenWhileTheGuardrailsCannotBeReadOrForbidWhatIsEnforced() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1))).converged();
            Map<String, Long> written = world.writes();
            world.guardrails = new GuardrailsState.UnreadableGuardrails("s3://ours/guardrails.json", "AccessDenied");
            world.desire(Docs.of(Docs.alarm("a", 2))).run(A_WHILE);
            assertThat(world.resource("Alarm/a").reason()).isEqualTo(Reason.GuardrailsForbid);
            assertThat(world.view().guardrails().words()).contains("cannot be read");

            world.guardrails = TestGuardrails.active(new Guardrails(
                    new AllowedScope(null, null, null, Set.of("LogGroup"), null),
                    null,
                    null,
                    null,
                    Set.of(),
                    PolicySet.NONE));
            world.run(A_WHILE);
            assertThat(world.resource("Alarm/a").message()).contains("the kind Alarm is not one of [LogGroup]");
            assertThat(world.writes()).isEqualTo(written);

            world.guardrails = GuardrailsState.NONE;
            world.converged();
            assertThat(world.view().guardrails().words()).isEqualTo("no guardrails are set");
        }
    }
}
