package dev.holdfast.kinds.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kinds.KindHarness;
import dev.holdfast.twin.iam.TwinIam;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;

class RoleKindTest {
    private static final String NAME = "dev-it-0a1b2c3d";
    private static final String TRUST = "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Principal':"
            + "{'Service':'ecs-tasks.amazonaws.com'},'Action':'sts:AssumeRole'}}";
    private static final String READ = "{'Version':'2012-10-17','Statement':[{'Effect':'Allow',"
            + "'Action':['secretsmanager:GetSecretValue','kms:Decrypt'],'Resource':'*'}]}";
    private static final String FULL = "{'path':'/svc/','assumeRolePolicyDocument':" + TRUST
            + ",'description':'api','maxSessionDuration':7200,'permissionsBoundary':'arn:aws:iam::aws:policy/PowerUserAccess',"
            + "'managedPolicyArns':['arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'],"
            + "'policies':[{'policyName':'read','policyDocument':" + READ + "}],'tags':{'a':'b'}}";
    private static final String TRUSTS_FRIEND =
            "{'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':{'Effect':'Allow','Principal':"
                    + "{'AWS':'arn:aws:iam::123456789012:role/friend'},'Action':'sts:AssumeRole'}}}";

    private final KindHarness<RoleKind.Spec> harness = new KindHarness<>(new RoleKind(), "roleName");
    private final TwinIam iam = harness.twin.service("eu-west-2", TwinIam.class);

    private void another(String name) {
        iam.createRole(r -> r.roleName(name).assumeRolePolicyDocument(TRUST.replace('\'', '"')));
    }

    @Test
    void createsCompletesAndThenWritesNothing() {
        harness.isCreatedByAndThenLeftAlone(FULL, "createRole", "putRolePolicy", "attachRolePolicy");

        assertThat(harness.known().outputs())
                .containsEntry("arn", "arn:aws:iam::123456789012:role/svc/" + NAME)
                .containsEntry("name", NAME)
                .containsKey("roleId");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'description':'other'} | updateRole",
                "{'description':''} | updateRole",
                "{'maxSessionDuration':3600} | updateRole",
                "{'permissionsBoundary':'arn:aws:iam::aws:policy/ReadOnlyAccess'} | putRolePermissionsBoundary",
                "{'permissionsBoundary':''} | deleteRolePermissionsBoundary",
                "{'managedPolicyArns':[]} | detachRolePolicy",
                "{'policies':[]} | deleteRolePolicy",
                "{'tags':{'a':'c'}} | tagRole",
                "{'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':{'Effect':'Allow','Principal':{'Service':'lambda.amazonaws.com'},'Action':'sts:AssumeRole'}}}"
                        + " | updateAssumeRolePolicy",
                "{'policies':[{'policyName':'read','policyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'s3:GetObject','Resource':'*'}]}}]}"
                        + " | putRolePolicy",
            })
    void aChangedFieldTakesItsOwnCall(String patch, String call) {
        harness.takesCalls(FULL, patch, call);
    }

    @Test
    void takesAwayBeforeItGives() {
        harness.desire(FULL).converge();
        harness.calls.clear();

        harness.desire(
                        FULL,
                        "{'managedPolicyArns':['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'],'permissionsBoundary':'',"
                                + "'policies':[{'policyName':'new','policyDocument':" + READ + "}]}")
                .converge();

        assertThat(harness.writes())
                .containsExactly(
                        "detachRolePolicy",
                        "deleteRolePolicy",
                        "putRolePolicy",
                        "attachRolePolicy",
                        "deleteRolePermissionsBoundary");
    }

    @Test
    void theSamePolicyInOtherWordsIsNoDifference() {
        harness.desire(FULL).converge();

        harness.desire(
                FULL,
                "{'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':[{'Action':['STS:assumerole'],'Effect':'Allow',"
                        + "'Principal':{'Service':['ecs-tasks.amazonaws.com']}}]}}",
                "{'policies':[{'policyName':'read','policyDocument':{'Statement':{'Resource':['*'],'Effect':'Allow',"
                        + "'Action':['kms:Decrypt','secretsmanager:GetSecretValue']},'Version':'2012-10-17'}}]}");

        assertThat(harness.diff().isEmpty()).isTrue();
    }

    @Test
    void repairsWhatSomebodyElseChanged() {
        harness.desire(FULL).converge();

        iam.attachRolePolicy(r -> r.roleName(NAME).policyArn("arn:aws:iam::aws:policy/AdministratorAccess"));
        iam.deleteRolePolicy(r -> r.roleName(NAME).policyName("read"));
        iam.putRolePolicy(r -> r.roleName(NAME).policyName("theirs").policyDocument(READ.replace('\'', '"')));
        iam.updateRole(r -> r.roleName(NAME).description("x"));
        iam.untagRole(r -> r.roleName(NAME).tagKeys("a"));

        assertThat(harness.diff().changed())
                .containsExactlyInAnyOrder(
                        "managedPolicyArns", "policies", "description", "maxSessionDuration", "tags");
        harness.converge();
    }

    @Test
    void anIgnoredPolicyStays() {
        harness.desire(FULL).converge();
        iam.putRolePolicy(r -> r.roleName(NAME).policyName("theirs").policyDocument(READ.replace('\'', '"')));
        iam.deleteRolePolicy(r -> r.roleName(NAME).policyName("read"));

        new RoleKind()
                .update(new Change<>(
                        new Desired<>(harness.id, harness.spec(FULL), harness.stack, harness),
                        harness.observed(),
                        Set.of("policies"),
                        Set.of(),
                        Set.of("/policies/read"),
                        false,
                        List.of()));

        assertThat(harness.known().spec().policies())
                .extracting(RoleKind.InlinePolicy::policyName)
                .containsExactly("read", "theirs");
    }

    @Test
    void aPrincipalThatWasMadeAnewIsDrift() {
        another("friend");
        harness.clock.advance(Duration.ofSeconds(10));
        harness.desire(FULL, TRUSTS_FRIEND).converge();

        iam.deleteRole(r -> r.roleName("friend"));
        another("friend");

        assertThat(harness.diff().changed()).containsExactly("assumeRolePolicyDocument");
        assertThat(String.valueOf(harness.known().spec().assumeRolePolicyDocument()))
                .contains("AROA");
    }

    @Test
    void aPrincipalIsRefusedUntilItHasPropagated() {
        another("friend");
        harness.desire(FULL, TRUSTS_FRIEND);

        assertThatExceptionOfType(MalformedPolicyDocumentException.class)
                .isThrownBy(harness::create)
                .withMessageContaining("Invalid principal in policy");
        harness.clock.advance(Duration.ofSeconds(10));

        harness.converge();
    }

    @Test
    void oneReadObservesAllRolesUnlessSlowMembersAreOwned() {
        harness.isReadBy(
                "{'assumeRolePolicyDocument':" + TRUST + "}", false, "getAccountAuthorizationDetailsPaginator");
    }

    @Test
    void isFoundLateAndWithoutStateAndByPointReads() {
        harness.isFoundLateAndWithoutStateAndByPointReads(FULL);
        assertThat(harness.sweep()).hasSize(1);
    }

    @Test
    void aStrangerThatHoldsTheNameIsSeen() {
        another(NAME);
        harness.desire(FULL);

        assertThat(harness.known().identity().name()).isEqualTo(NAME);
        assertThat(harness.known().identity().tags()).isEmpty();
        assertThat(harness.sweep()).isEmpty();
    }

    @Test
    void smallPagesChangeNothing() {
        harness.desire(
                        FULL,
                        "{'policies':[{'policyName':'read','policyDocument':" + READ
                                + "},{'policyName':'more','policyDocument':" + READ + "}]}")
                .converge();
        another("another");
        var before = harness.known();

        harness.settings.pageSize(1);

        assertThat(harness.known()).isEqualTo(before);
        assertThat(harness.confirmed()).isEqualTo(before);
    }

    @Test
    void isDeletedStepByStep() {
        harness.desire(FULL).converge();
        assertThat(harness.delete()).isEqualTo(3);
        assertThat(harness.inventory()).isEmpty();
    }
}
