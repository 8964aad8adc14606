package dev.holdfast.twin.iam;

import static dev.holdfast.twin.TwinRefusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.EntityType;

class TwinIamTest {
    private static final String LOGS = "arn:aws:logs:eu-west-2:123456789012:log-group:a:*";
    private static final Duration PROPAGATION = Duration.ofSeconds(10);

    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinAccount account = new TwinAccount("123456789012", clock, new TwinSettings(), 1);
    private final TwinIam iam = account.service("eu-west-2", TwinIam.class);

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static String trust(String principal) {
        return json("{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'sts:AssumeRole','Principal':"
                + principal + "}]}");
    }

    private static Consumer<CreateRoleRequest.Builder> role(String name) {
        return r -> r.roleName(name).assumeRolePolicyDocument(trust("{'Service':'ecs-tasks.amazonaws.com'}"));
    }

    private void put(String statement) {
        iam.putRolePolicy(r -> r.roleName("r")
                .policyName("p")
                .policyDocument(json("{'Version':'2012-10-17','Statement':" + statement + "}")));
    }

    @Test
    void otherServicesSeeARoleLate() {
        String arn = iam.createRole(role("r")).role().arn();
        assertThat(iam.role(arn)).isNull();
        assertThat(iam.getRole(r -> r.roleName("r")).role().arn()).isEqualTo(arn);

        clock.advance(PROPAGATION);

        TwinIam.RoleView seen = iam.role(arn);
        assertThat(seen).isEqualTo(iam.role("r"));
        assertThat(seen.assumableBy("ecs-tasks.amazonaws.com")).isTrue();
        assertThat(seen.assumableBy("lambda.amazonaws.com")).isFalse();
        assertThat(iam.role("arn:aws:iam::123456789012:role/elsewhere/r")).isNull();
    }

    @Test
    void otherServicesSeeAChangeLate() {
        iam.createRole(role("r"));
        clock.advance(PROPAGATION);
        iam.updateAssumeRolePolicy(r -> r.roleName("r").policyDocument(trust("{'Service':'lambda.amazonaws.com'}")));
        put("{'Effect':'Allow','Action':'logs:*','Resource':'*'}");
        assertThat(iam.role("r").assumableBy("lambda.amazonaws.com")).isFalse();
        assertThat(iam.allows("r", "logs:PutLogEvents", LOGS)).isFalse();

        clock.advance(PROPAGATION);

        assertThat(iam.role("r").assumableBy("lambda.amazonaws.com")).isTrue();
        assertThat(iam.allows("r", "logs:PutLogEvents", LOGS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'Effect':'Allow','Action':'LOGS:put*','Resource':'*'} | true",
                "{'Effect':'Allow','Action':['s3:*','logs:PutLogEvent?'],'Resource':'arn:aws:logs:*:*:log-group:a:*'}"
                        + " | true",
                "{'Effect':'Allow','Action':'logs:*','Resource':'arn:aws:logs:*:*:log-group:b:*'} | false",
                "{'Effect':'Allow','NotAction':'logs:*','Resource':'*'} | false",
                "{'Effect':'Allow','Action':'*','NotResource':'arn:aws:s3:::*'} | true",
                "[{'Effect':'Allow','Action':'*','Resource':'*'},{'Effect':'Deny','Action':'logs:*','Resource':'*'}] |"
                        + " false",
                "[{'Effect':'Allow','Action':'*','Resource':'*'},{'Effect':'Deny','Action':'*','Resource':'*','Condition':{'Bool':{'aws:SecureTransport':'false'}}}]"
                        + " | true",
            })
    void policiesAllow(String statement, boolean allowed) {
        iam.createRole(role("r"));
        put(statement);
        clock.advance(PROPAGATION);

        assertThat(iam.allows("r", "logs:PutLogEvents", LOGS)).isEqualTo(allowed);
    }

    @Test
    void awsOwnPoliciesAllowWhatTheyAllowInAws() {
        iam.createRole(role("r"));
        iam.attachRolePolicy(r ->
                r.roleName("r").policyArn("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"));
        clock.advance(PROPAGATION);

        assertThat(iam.allows("r", "ecr:BatchGetImage", "*")).isTrue();
        assertThat(iam.allows("r", "secretsmanager:GetSecretValue", "*")).isFalse();
    }

    @Test
    void theBoundaryBoundsAllOthers() {
        iam.createRole(
                role("r").andThen(r -> r.permissionsBoundary("arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess")));
        put("{'Effect':'Allow','Action':'*','Resource':'*'}");
        clock.advance(PROPAGATION);

        assertThat(iam.allows("r", "xray:PutTraceSegments", "*")).isTrue();
        assertThat(iam.allows("r", "logs:PutLogEvents", LOGS)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'Effect':'Allow','Action':'s3:GetObject'}",
                "{'Effect':'Maybe','Action':'s3:GetObject','Resource':'*'}",
                "{'Action':'s3:GetObject','Resource':'*'}",
                "{'Effect':'Allow','Resource':'*'}",
                "{'Effect':'Allow','Action':'GetObject','Resource':'*'}",
                "{'Effect':'Allow','Action':'s3:GetObject','Resource':'bucket'}",
                "{'Effect':'Allow','Action':'s3:GetObject','Resource':'*','Principal':'*'}",
                "[]",
            })
    void refusesMalformedPolicies(String statement) {
        iam.createRole(role("r"));
        refused(400, "MalformedPolicyDocument", () -> put(statement));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'AWS':'arn:aws:iam::123456789012:role/nobody'}",
                "{'AWS':'nobody'}",
                "{'Service':'ecs'}",
            })
    void refusesPrincipalsThatDoNotExist(String principal) {
        refused(
                400,
                "MalformedPolicyDocument",
                () -> iam.createRole(r -> r.roleName("r").assumeRolePolicyDocument(trust(principal))));
    }

    @Test
    void refusesWhatIamRefuses() {
        iam.createRole(role("r"));
        put("{'Effect':'Allow','Action':'*','Resource':'*'}");
        refused(409, "EntityAlreadyExists", () -> iam.createRole(role("r")));
        refused(409, "DeleteConflict", () -> iam.deleteRole(r -> r.roleName("r")));
        refused(404, "NoSuchEntity", () -> iam.getRole(r -> r.roleName("x")));
        refused(
                404,
                "NoSuchEntity",
                () -> iam.getRolePolicy(r -> r.roleName("r").policyName("x")));
        refused(
                404,
                "NoSuchEntity",
                () -> iam.detachRolePolicy(r -> r.roleName("r").policyArn("arn:x")));
        refused(
                404,
                "NoSuchEntity",
                () -> iam.attachRolePolicy(r -> r.roleName("r").policyArn("arn:aws:iam::123456789012:policy/mine")));
        refused(
                400,
                "ValidationError",
                () -> iam.updateRole(r -> r.roleName("r").maxSessionDuration(60)));
        refused(409, "LimitExceeded", () -> {
            for (int i = 0; i < 11; i++) {
                String arn = "arn:aws:iam::aws:policy/P" + i;
                iam.attachRolePolicy(r -> r.roleName("r").policyArn(arn));
            }
        });
    }

    @Test
    void serviceLinkedRolesAreAwsOwn() {
        iam.createServiceLinkedRole(r -> r.awsServiceName("ecs.amazonaws.com"));

        iam.ensureServiceLinkedRole("ecs.amazonaws.com", "AWSServiceRoleForECS");

        assertThat(iam.listRoles(r -> r.pathPrefix("/aws-service-role/")).roles())
                .hasSize(1);
        refused(400, "UnmodifiableEntity", () -> iam.deleteRole(r -> r.roleName("AWSServiceRoleForECS")));
        refused(400, "InvalidInput", () -> iam.createServiceLinkedRole(r -> r.awsServiceName("ecs.amazonaws.com")));
    }

    @Test
    void detailsAnswerWithEncodedPolicies() {
        iam.createRole(role("r"));
        put("{'Effect':'Allow','Action':'*','Resource':'*'}");

        var detail = iam.getAccountAuthorizationDetails(r -> r.filter(EntityType.ROLE))
                .roleDetailList()
                .getFirst();

        assertThat(detail.rolePolicyList().getFirst().policyDocument())
                .startsWith("%7B%22Version%22%3A%222012-10-17%22")
                .contains("%2A");
        assertThat(iam.getAccountAuthorizationDetails(r -> r.filter(EntityType.USER))
                        .roleDetailList())
                .isEmpty();
    }
}
