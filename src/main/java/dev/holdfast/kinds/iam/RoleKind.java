package dev.holdfast.kinds.iam;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.Tag;

/** A role: a set of permissions, and the services and principals that may assume it. */
@Singleton
public final class RoleKind extends DeclaredKind<RoleKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html">CreateRole</a> */
    public record Spec(
            @Doc("The name: letters, digits and _+=,.@-") @PhysicalName(max = 64, also = "_+=,.@")
            String roleName,

            @Doc("The path of the role, such as /service/.") @Immutable
            String path,

            @Doc("The trust policy, which names the principals that may assume the role.")
            @Required
            @PolicyDocument
            @Risk(FieldRisk.TRUST_POLICY)
            JsonNode assumeRolePolicyDocument,

            @Doc("The purpose of the role, for people.") @Slow("role")
            String description,

            @Doc("The maximum duration of a session in seconds, 3600 to 43200.")
            @Slow("role")
            @Range(min = 3600, max = 43200)
            Integer maxSessionDuration,

            @Doc("The ARN of the policy that limits the permissions of all other policies; empty: none.")
            @EmptyIsNone
            @ReadFrom("permissionsBoundary.permissionsBoundaryArn")
            @Risk(FieldRisk.BOUNDARY)
            String permissionsBoundary,

            @Doc("The ARNs of all managed policies of the role; others are detached.")
            @ReadFrom("attachedManagedPolicies.policyArn")
            @Children
            @WithdrawnLast(elements = 10)
            @Risk(FieldRisk.MANAGED_POLICIES)
            Set<String> managedPolicyArns,

            @Doc("All inline policies of the role; others are deleted.")
            @WireName("rolePolicyList")
            @Children
            @WithdrawnLast(characters = 10_240)
            @Risk(FieldRisk.INLINE_POLICIES)
            List<InlinePolicy> policies,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    /** An inline policy, which belongs only to this role. */
    public record InlinePolicy(
            @Doc("The name.") @Required String policyName,

            @Doc("The policy document.") @Required @PolicyDocument
            JsonNode policyDocument)
            implements Keyed {
        @Override
        public String key() {
            return policyName == null ? "" : policyName;
        }
    }

    private static final Tagging<IamClient> TAGGING = Tagging.inline(
            (iam, name, tags) -> iam.tagRole(r -> r.roleName(name).tags(SdkShapes.pairs(tags, Tag::builder))),
            (iam, name, keys) -> iam.untagRole(r -> r.roleName(name).tagKeys(keys)));

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        PointRead<IamClient, RoleDetail> read =
                PointRead.of((iam, name) -> List.of(detail(iam, name)), NoSuchEntityException.class);
        return Recipe.of("Role", Spec.class, IamClient.class)
                .description("A role: a set of permissions, and the services and principals that may assume it.")
                .lists(
                        iam -> iam.getAccountAuthorizationDetailsPaginator(
                                        r -> r.filter(EntityType.ROLE).maxItems(1000))
                                .roleDetailList(),
                        read)
                .named(RoleDetail::roleName)
                .tags(TAGGING)
                // GetAccountAuthorizationDetails does not return the description and the maximum session duration.
                .facetOfOwners("role", (iam, role) -> description(iam, role.roleName()))
                .createsNamed(CreateRoleRequest::builder, IamClient::createRole)
                // Calls that remove permissions are sent before calls that grant them.
                .updates(RoleKind::putBoundary, Spec::permissionsBoundary)
                .updates(
                        (iam, change) -> iam.updateAssumeRolePolicy(r -> r.roleName(change.physicalId())
                                .policyDocument(
                                        PolicyDocuments.text(change.spec().assumeRolePolicyDocument()))),
                        Spec::assumeRolePolicyDocument)
                // IAM resets a duration that is not sent to one hour, so both members are sent together.
                .updates(
                        (iam, change) -> iam.updateRole(r -> r.roleName(change.physicalId())
                                .description(change.merged(Spec::description))
                                .maxSessionDuration(change.merged(Spec::maxSessionDuration))),
                        Spec::description,
                        Spec::maxSessionDuration)
                .updates(RoleKind::changePolicies, Spec::managedPolicyArns, Spec::policies)
                .updates(RoleKind::deleteBoundary, Spec::permissionsBoundary)
                .deletesObserved(RoleKind::deleteNext)
                .output("arn", "The ARN of the role.", RoleDetail::arn)
                .output("name", "The name of the role.", RoleDetail::roleName)
                .output("roleId", "The unique id of the role, AROA….", RoleDetail::roleId)
                .state((known, role) -> known.createdAt(role.createDate()))
                .info(KindInfo.Builder::global)
                // IAM is eventually consistent: a principal that was just created is not yet valid in a policy.
                // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html
                .fault("MalformedPolicyDocument", "Invalid principal in policy", DEPENDENCY)
                .fault("DeleteConflict", DEPENDENCY)
                .fault("EntityTemporarilyUnmodifiable", CONFLICT)
                .permissions(Permissions.on("iam::{account}:role{path}{name}")
                        .exactly()
                        .changes("iam:DetachRolePolicy", "iam:DeleteRolePolicy")
                        .changesFor("policies", "iam:PutRolePolicy")
                        .changesFor("managedPolicyArns", "iam:AttachRolePolicy")
                        .limited("iam:PolicyARN", "managedPolicyArns", "iam:AttachRolePolicy")
                        .limited(
                                "iam:PermissionsBoundary",
                                "permissionsBoundary",
                                "iam:CreateRole",
                                "iam:PutRolePolicy",
                                "iam:AttachRolePolicy",
                                "iam:PutRolePermissionsBoundary"))
                .page("https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html");
    }

    /** Reads one role with its policies. */
    private static RoleDetail detail(IamClient iam, String name) {
        Role role = iam.getRole(r -> r.roleName(name)).role();
        List<PolicyDetail> inline = iam.listRolePoliciesPaginator(r -> r.roleName(name)).policyNames().stream()
                .map(policy -> SdkShapes.copy(
                                iam.getRolePolicy(r -> r.roleName(name).policyName(policy)), PolicyDetail.builder())
                        .build())
                .toList();
        return SdkShapes.copy(role, RoleDetail.builder())
                .rolePolicyList(inline)
                .attachedManagedPolicies(Listings.all(iam.listAttachedRolePoliciesPaginator(r -> r.roleName(name))
                        .attachedPolicies()))
                .tags(role.tags())
                .build();
    }

    /** Returns only these members: the others would be older here than in GetAccountAuthorizationDetails. */
    private static Role description(IamClient iam, String name) {
        Role role = iam.getRole(r -> r.roleName(name)).role();
        return Role.builder()
                .description(Objects.requireNonNullElse(role.description(), ""))
                .maxSessionDuration(role.maxSessionDuration())
                .build();
    }

    private static void putBoundary(IamClient iam, Change<Spec> change) {
        String boundary = change.spec().permissionsBoundary();
        if (!"".equals(boundary)) {
            iam.putRolePermissionsBoundary(r -> r.roleName(change.physicalId()).permissionsBoundary(boundary));
        }
    }

    private static void deleteBoundary(IamClient iam, Change<Spec> change) {
        if ("".equals(change.spec().permissionsBoundary())) {
            iam.deleteRolePermissionsBoundary(r -> r.roleName(change.physicalId()));
        }
    }

    private static void changePolicies(IamClient iam, Change<Spec> change) {
        String name = change.physicalId();
        Delta<String> managed = change.deltaOfStrings(Spec::managedPolicyArns);
        Delta<InlinePolicy> inline = change.delta(Spec::policies);
        managed.removed()
                .forEach(arn -> iam.detachRolePolicy(r -> r.roleName(name).policyArn(arn)));
        inline.removed()
                .forEach(policy -> iam.deleteRolePolicy(r -> r.roleName(name).policyName(policy.policyName())));
        Stream.concat(inline.altered().stream(), inline.added().stream())
                .forEach(policy -> iam.putRolePolicy(r -> r.roleName(name)
                        .policyName(policy.policyName())
                        .policyDocument(PolicyDocuments.text(policy.policyDocument()))));
        managed.added()
                .forEach(arn -> iam.attachRolePolicy(r -> r.roleName(name).policyArn(arn)));
    }

    /** IAM deletes a role only after all of its policies are removed. */
    private static void deleteNext(IamClient iam, Observed<Spec> observed) {
        String name = observed.physicalId();
        String managed = Values.first(observed.spec().managedPolicyArns());
        InlinePolicy inline = Values.first(observed.spec().policies());
        if (managed != null) {
            iam.detachRolePolicy(r -> r.roleName(name).policyArn(managed));
        } else if (inline != null) {
            iam.deleteRolePolicy(r -> r.roleName(name).policyName(inline.policyName()));
        } else {
            iam.deleteRole(r -> r.roleName(name));
        }
    }
}
