package dev.holdfast.app;

import dev.holdfast.app.PolicyStatement.ConditionTest;
import dev.holdfast.kind.FieldRisk;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.RiskyField;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Denies the operator the changes to roles and their boundaries that it must never make, whatever other policies its
 * own role has.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate">how
 *     AWS delegates with a permissions boundary</a>
 */
final class RoleDenials {
    /** The action that is never allowed, on any role. */
    static final String NEVER = "iam:DeleteRolePermissionsBoundary";

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

    static List<PolicyStatement> of(KindCatalog catalog, Revision revision) {
        List<String> declared = revision.resources().values().stream()
                .flatMap(resource -> boundary(catalog, resource).stream())
                .toList();
        List<PolicyStatement> all = new ArrayList<>();
        String own = revision.settings().roleArn();
        if (own != null) {
            all.add(PolicyStatement.denied(EDITING_ROLES, Set.of(own), Map.of()));
        }
        if (declared.isEmpty()) {
            return all;
        }
        all.add(PolicyStatement.denied(Set.of(NEVER), Set.of("*"), Map.of()));
        Set<String> boundaries = new TreeSet<>(declared);
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

    /**
     * The boundary that a role declares, or an empty text if it declares none. Empty for a resource that is not a role.
     */
    private static Optional<String> boundary(KindCatalog catalog, DesiredResource resource) {
        return RiskyField.of(catalog.get(resource.id().kind()).info().spec(), FieldRisk.BOUNDARY)
                .map(field -> field.in(resource.spec()).stream()
                        .map(arn -> PolicyArns.withoutReferences(arn.asText()))
                        .findFirst()
                        .orElse(""));
    }
}
