package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.app.IamEvaluator.RequestContext;
import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The calls that a stack's policy allows and denies, evaluated as IAM does; {@code docs/policy.md} shows it for prod.
 */
class PolicyTableTest {
    private static final Path PAGE = Path.of("docs/policy.md");
    private static final String BOUNDARY = "arn:aws:iam::123456789012:policy/bound";
    private static final String ROLES = "arn:aws:iam::123456789012:role/";

    private static List<PolicyStatement> prod() {
        return StackPolicy.of(TestKinds.all(), "inst", FlatStack.of("prod").revision("prod"));
    }

    @Test
    void allowsEachActionOnItsOwnAndDeniesItOnAStrangersButWhereTheRemarksSayWhy() throws IOException {
        List<PolicyTable.Row> rows = new PolicyTable(prod()).rows();
        String page = page(rows);
        if (Boolean.getBoolean("holdfast.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(rows).hasSizeGreaterThan(150).allMatch(PolicyTable.Row::own);
        assertThat(rows.stream().filter(r -> !r.bounded()))
                .allSatisfy(
                        r -> assertThat(PolicyRemark.ALL).as(r.toString()).anyMatch(remark -> remark.fits(r.action())));
        assertThat(rows.stream().filter(r -> r.action().startsWith("iam:") && !r.bounded()))
                .extracting(PolicyTable.Row::action)
                .containsExactly("iam:PassRole", "iam:TagRole");
        assertThat(page)
                .as("docs/policy.md is out of date: -Dholdfast.write=true")
                .isEqualTo(Files.readString(PAGE));
    }

    private static String page(Collection<PolicyTable.Row> rows) {
        StringBuilder page = new StringBuilder("""
                # What the operator's policy allows

                `PolicyTableTest` evaluates the policy that `holdfast policy desired-state --stack prod` prints, as IAM does, for each action that writes. The resource is one of the stack, one of a stranger (another owner), or one of two whose names look like names of the stack: one has another stack's tag, one has no tag. Each request contains the stack's own tag.

                `—`: the call creates its resource. `beside our own`: allowed only in a call that also concerns a resource with the stack's tag.

                The policy denies these actions regardless of the other policies of the role: `iam:DeleteRolePermissionsBoundary` on every role; changes of the role in `spec.roleArn`; new versions of the policies that serve as boundaries; and, if every `Role` of the stack declares a boundary, roles without one.

                ## Actions that AWS does not let a policy restrict further

                `holdfast policy` prints these remarks on stderr.

                """);
        Set<String> used = new TreeSet<>();
        PolicyRemark.on(prod()).forEach(line -> used.add("- " + line));
        used.forEach(line -> page.append(line).append('\n'));
        return page.append("\n## Each action\n\n")
                .append(PolicyTable.markdown(rows))
                .toString();
    }

    private static JsonNode role(String name, String members) {
        return FlatStack.json("{'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'" + name
                + "'},'spec':{'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':[]}" + members + "}}");
    }

    private static final String ATTACHED =
            ",'managedPolicyArns':['arn:aws:iam::aws:policy/A'],'policies':[{'policyName':'p','policyDocument':{}}]";
    private static final String BOUND = ",'permissionsBoundary':'" + BOUNDARY + "'";

    private static IamEvaluator policyOf(JsonNode... roles) {
        FlatStack stack = FlatStack.of("prod").only("none");
        List.of(roles).forEach(stack.documents::add);
        return new IamEvaluator(PolicySplitter.split(StackPolicy.of(TestKinds.all(), "inst", stack.revision("prod"))));
    }

    private static boolean allows(IamEvaluator policy, String action, String role, String... keys) {
        Map<String, List<String>> context = new TreeMap<>();
        for (int i = 0; i < keys.length; i += 2) {
            context.put(keys[i], List.of(keys[i + 1]));
        }
        return policy.allows(new RequestContext(action, ROLES + role, context));
    }

    /** Whether the policy may be attached to a role that has the boundary. */
    private static boolean attaches(IamEvaluator policy, String role, String attached) {
        return allows(policy, "iam:AttachRolePolicy", role, TAG, "inst/prod", BY, BOUNDARY, ARN, attached);
    }

    private static final String TAG = "iam:ResourceTag/holdfast:stack";
    private static final String REQUEST = "aws:RequestTag/holdfast:stack";
    private static final String BY = "iam:PermissionsBoundary";
    private static final String ARN = "iam:PolicyARN";
    private static final String A = "arn:aws:iam::aws:policy/A";

    @Test
    void givesRightsOnlyWithinTheBoundary() {
        IamEvaluator policy = policyOf(role("api", ATTACHED + BOUND));
        String api = "prod-api-01234567";

        assertThat(allows(policy, "iam:CreateRole", api, REQUEST, "inst/prod", BY, BOUNDARY))
                .isTrue();
        assertThat(allows(policy, "iam:CreateRole", api, REQUEST, "inst/prod")).isFalse();
        assertThat(allows(policy, "iam:CreateRole", "prod-admin-01234567", REQUEST, "inst/prod", BY, BOUNDARY))
                .isFalse();
        assertThat(allows(policy, "iam:PutRolePolicy", api, TAG, "inst/prod", BY, BOUNDARY))
                .isTrue();
        assertThat(allows(policy, "iam:PutRolePolicy", api, TAG, "inst/prod")).isFalse();
        assertThat(attaches(policy, api, A)).isTrue();
        assertThat(allows(policy, "iam:AttachRolePolicy", api, TAG, "inst/prod", ARN, A))
                .isFalse();
        assertThat(attaches(policy, api, A.replace("/A", "/B"))).isFalse();
        assertThat(allows(policy, "iam:PutRolePermissionsBoundary", api, TAG, "inst/prod", BY, BOUNDARY))
                .isTrue();
        assertThat(allows(policy, "iam:PutRolePermissionsBoundary", api, TAG, "inst/prod", BY, A))
                .isFalse();
    }

    @Test
    void takesTheBoundaryFromNobody() {
        for (JsonNode role : List.of(role("api", ATTACHED + BOUND), role("api", ATTACHED))) {
            IamEvaluator policy = policyOf(role);
            assertThat(allows(
                            policy,
                            "iam:DeleteRolePermissionsBoundary",
                            "prod-api-01234567",
                            TAG,
                            "inst/prod",
                            BY,
                            BOUNDARY))
                    .isFalse();
        }
    }

    /** An administrator's policy on the operator's role does not lift the denials. */
    @Test
    void deniesWhateverElseTheRoleMayDo() {
        FlatStack stack = FlatStack.of("prod").only("none");
        stack.documents.add(role("api", ATTACHED + BOUND));
        List<JsonNode> documents = new java.util.ArrayList<>(
                PolicySplitter.split(StackPolicy.of(TestKinds.all(), "inst", stack.revision("prod"))));
        documents.add(FlatStack.json("{'Statement':[{'Effect':'Allow','Action':'*','Resource':'*'}]}"));
        IamEvaluator policy = new IamEvaluator(documents);

        assertThat(allows(policy, "iam:DeleteRolePermissionsBoundary", "anybody"))
                .isFalse();
        assertThat(allows(policy, "iam:CreateRole", "anybody")).isFalse();
        assertThat(allows(policy, "iam:PutRolePolicy", "anybody", BY, A)).isFalse();
        assertThat(policy.allows(new RequestContext("iam:CreatePolicyVersion", BOUNDARY, Map.of())))
                .isFalse();
        assertThat(allows(policy, "iam:CreateRole", "anybody", BY, BOUNDARY)).isTrue();
    }

    @Test
    void oneRoleWithoutAFieldTakesTheConditionFromNoOtherRole() {
        IamEvaluator policy = policyOf(role("api", ATTACHED + BOUND), role("plain", ""), role("free", ATTACHED));
        String api = "prod-api-01234567";
        String free = "prod-free-01234567";

        assertThat(allows(policy, "iam:AttachRolePolicy", api, TAG, "inst/prod", ARN, A))
                .isFalse();
        assertThat(attaches(policy, api, "arn:aws:iam::aws:policy/AdministratorAccess"))
                .isFalse();
        assertThat(allows(policy, "iam:AttachRolePolicy", free, TAG, "inst/prod", ARN, A))
                .isTrue();
        assertThat(allows(policy, "iam:PutRolePolicy", api, TAG, "inst/prod")).isFalse();
        assertThat(allows(policy, "iam:PutRolePolicy", free, TAG, "inst/prod")).isTrue();
        assertThat(allows(policy, "iam:CreateRole", api, REQUEST, "inst/prod")).isFalse();
    }

    @Test
    void leavesAStrangersRoleAloneWhateverItsName() {
        IamEvaluator policy = policyOf(role("api", ATTACHED));
        for (String role : List.of("prod-admin", "prod-api-01234567", "admin")) {
            for (String action : List.of(
                    "iam:AttachRolePolicy",
                    "iam:PutRolePolicy",
                    "iam:UpdateAssumeRolePolicy",
                    "iam:DeleteRole",
                    "iam:DetachRolePolicy",
                    "iam:DeleteRolePolicy",
                    "iam:UntagRole",
                    "iam:PutRolePermissionsBoundary")) {
                assertThat(allows(policy, action, role, ARN, A))
                        .as(action + " " + role)
                        .isFalse();
                assertThat(allows(policy, action, role, ARN, A, TAG, "inst/other"))
                        .as(action + " " + role)
                        .isFalse();
            }
            assertThat(allows(policy, "iam:TagRole", role, TAG, "inst/other", REQUEST, "inst/prod"))
                    .as("tag " + role)
                    .isFalse();
        }
        assertThat(allows(policy, "iam:TagRole", "prod-admin", REQUEST, "inst/prod"))
                .isFalse();
    }

    @Test
    void fitsIntoTheTenPoliciesOfARole() {
        assertThat(PolicySplitter.split(prod()).size()).isLessThanOrEqualTo(9);
    }
}
