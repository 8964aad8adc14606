package dev.holdfast.app;

import dev.holdfast.app.PolicyStatement.ConditionTest;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the operator must never do to roles and to what bounds them, whatever other policies its role has.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate">how
 *     AWS delegates with a permissions boundary</a>
 */
final class RoleDenials {
    /** Never allowed, of whatever role. */
    static final String NEVER = "iam:DeleteRolePermissionsBoundary";

    private static final String KIND = "Role";
    private static final String BOUNDARY = "permissionsBoundary";
    private static final Set<String> GIVING =
            Set.of("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary");

    private static final Set<String> EDITING_POLICIES = Set.of(
            "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion");

    private static final Set<String> EDITING_ROLES = Set.of(
            "iam:AttachRolePolicy",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy");

    private RoleDenials() {}

    static List<PolicyStatement> of(Revision revision) {
        List<DesiredResource> roles = revision.resources().values().stream()
                .filter(r -> r.id().kind().equals(KIND))
                .toList();
        List<PolicyStatement> all = new ArrayList<>();
        String own = revision.settings().roleArn();
        if (own != null) {
            all.add(PolicyStatement.denied(EDITING_ROLES, Set.of(own), Map.of()));
        }
        if (roles.isEmpty()) {
            return all;
        }
        all.add(PolicyStatement.denied(Set.of(NEVER), Set.of("*"), Map.of()));
        Set<String> boundaries = roles.stream()
                .map(r -> PolicyArns.withoutReferences(r.spec().path(BOUNDARY).asText("")))
                .collect(Collectors.toCollection(TreeSet::new));
        boolean each = !boundaries.remove("");
        if (!boundaries.isEmpty()) {
            all.add(PolicyStatement.denied(EDITING_POLICIES, boundaries, Map.of()));
        }
        if (each) {
            all.add(PolicyStatement.denied(
                    GIVING,
                    Set.of("*"),
                    Map.of(new ConditionTest("ArnNotLike", "iam:PermissionsBoundary"), boundaries)));
        }
        return all;
    }
}
