package dev.holdfast.kinds.iam;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.FaultRule;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Delta;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.PolicyDocument;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Fault;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.Tag;

/** A role: what a service may do, and which service may. */
@Singleton
public final class RoleKind implements Kind<RoleKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html">CreateRole</a> */
    public record Spec(
            @Doc("The name; letters, digits and _+=,.@- .") @PhysicalName(max = 64, also = "_+=,.@") @Nullable
            String roleName,

            @Doc("Where it is filed, /service/.") @Immutable @Nullable
            String path,

            @Doc("The trust policy: who may assume it.") @Required @PolicyDocument @Nullable
            JsonNode assumeRolePolicyDocument,

            @Doc("What it is for, for people.") @Slow("role") @Nullable
            String description,

            @Doc("How long a session may last, in seconds, 3600 to 43200.")
            @Slow("role")
            @Range(min = 3600, max = 43200)
            @Nullable
            Integer maxSessionDuration,

            @Doc("The ARN of the policy that bounds all others; empty: none.") @Nullable
            String permissionsBoundary,

            @Doc("The ARNs of the managed policies, all of them.") @Nullable
            Set<String> managedPolicyArns,

            @Doc("The policies that only this role has, all of them.") @Nullable
            List<InlinePolicy> policies,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    /** A policy that only this role has. */
    public record InlinePolicy(
            @Doc("The name.") @Required @Nullable String policyName,

            @Doc("What it allows or denies.") @Required @PolicyDocument @Nullable
            JsonNode policyDocument)
            implements Keyed {
        @Override
        public String key() {
            return orEmpty(policyName);
        }
    }

    /** A role as IAM's account details have it, with what only GetRole says where somebody asked for it. */
    private record Facts(
            RoleDetail detail,
            @Nullable String description,
            @Nullable Integer maxSessionDuration) {}

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("Role", Spec.class, OwnershipForm.TAG)
                .description("A role: what a service may do, and which service may.")
                .global()
                .output("arn", "Its ARN.")
                .output("name", "Its name.")
                .output("roleId", "Its unique id, AROA….")
                .page("https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html")
                // A principal that was made a moment ago:
                // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html
                .fault(FaultRule.of(
                        "MalformedPolicyDocument", "Invalid principal in policy", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("DeleteConflict", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("EntityTemporarilyUnmodifiable", Fault.Category.CONFLICT))
                .permissions(Permissions.on("iam::{account}:role{path}{name}")
                        .lists("iam:GetAccountAuthorizationDetails")
                        .reads(
                                "iam:GetRole",
                                "iam:ListRolePolicies",
                                "iam:GetRolePolicy",
                                "iam:ListAttachedRolePolicies")
                        .creates("iam:CreateRole")
                        .tags("iam:TagRole", "iam:UntagRole")
                        .changes(
                                "iam:DeleteRole",
                                "iam:UpdateAssumeRolePolicy",
                                "iam:DetachRolePolicy",
                                "iam:DeleteRolePolicy")
                        .changesFor("policies", "iam:PutRolePolicy")
                        .changesFor("managedPolicyArns", "iam:AttachRolePolicy")
                        .changesFor("description", "iam:UpdateRole")
                        .changesFor("maxSessionDuration", "iam:UpdateRole")
                        .changesFor(
                                "permissionsBoundary",
                                "iam:PutRolePermissionsBoundary",
                                "iam:DeleteRolePermissionsBoundary")
                        .limited("iam:PolicyARN", "managedPolicyArns", "iam:AttachRolePolicy")
                        .limited(
                                "iam:PermissionsBoundary",
                                "permissionsBoundary",
                                "iam:CreateRole",
                                "iam:PutRolePolicy"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        IamClient iam = scope.client(IamClient.class);
        Map<String, Wanted<Spec>> wanted = new HashMap<>();
        scope.wanted()
                .forEach(w -> Stream.of(w.physicalId(), w.physicalName())
                        .filter(Objects::nonNull)
                        .forEach(name -> wanted.put(name, w)));
        if (scope.confirming()) {
            return wanted.keySet().stream()
                    .flatMap(name -> confirmed(iam, name))
                    .map(f -> (Observation<Spec>) known(f, identify(f.detail())))
                    .toList();
        }
        List<RoleDetail> roles = wanted.isEmpty() && !scope.sweep()
                ? List.of()
                : iam
                        .getAccountAuthorizationDetailsPaginator(
                                r -> r.filter(EntityType.ROLE).maxItems(1000))
                        .roleDetailList()
                        .stream()
                        .filter(role -> wanted.containsKey(role.roleName()) || ours(role, scope.stack()))
                        .toList();
        return scope.each(
                roles,
                RoleKind::identify,
                (role, identity) -> known(facts(iam, scope, role, wanted.get(role.roleName())), identity));
    }

    private static boolean ours(RoleDetail role, StackRef stack) {
        return role.tags().stream()
                .anyMatch(t -> t.key().equals(StackRef.STACK_TAG) && t.value().equals(stack.owner()));
    }

    private static Identity identify(RoleDetail role) {
        return Identity.of(role.roleName()).named(role.roleName()).tagged(role.tags(), Tag::key, Tag::value);
    }

    /** The account's details lack two members: they are asked for only where one of them is owned. */
    private static Facts facts(IamClient iam, Scope<Spec> scope, RoleDetail detail, @Nullable Wanted<Spec> wanted) {
        Spec desired = wanted == null ? null : wanted.desired();
        if (desired == null || (desired.description() == null && desired.maxSessionDuration() == null)) {
            return new Facts(detail, null, null);
        }
        Role role = scope.slow(
                detail.roleName(),
                "role",
                () -> iam.getRole(r -> r.roleName(detail.roleName())).role());
        return new Facts(detail, orEmpty(role.description()), role.maxSessionDuration());
    }

    /** The role by point reads; nothing if there is none. */
    private static Stream<Facts> confirmed(IamClient iam, String name) {
        try {
            Role role = iam.getRole(r -> r.roleName(name)).role();
            List<PolicyDetail> inline = iam.listRolePoliciesPaginator(r -> r.roleName(name)).policyNames().stream()
                    .map(policy -> iam.getRolePolicy(r -> r.roleName(name).policyName(policy)))
                    .map(p -> PolicyDetail.builder()
                            .policyName(p.policyName())
                            .policyDocument(p.policyDocument())
                            .build())
                    .toList();
            List<AttachedPolicy> managed =
                    iam.listAttachedRolePoliciesPaginator(r -> r.roleName(name)).attachedPolicies().stream()
                            .toList();
            RoleDetail detail = RoleDetail.builder()
                    .roleName(role.roleName())
                    .roleId(role.roleId())
                    .arn(role.arn())
                    .path(role.path())
                    .createDate(role.createDate())
                    .assumeRolePolicyDocument(role.assumeRolePolicyDocument())
                    .permissionsBoundary(role.permissionsBoundary())
                    .tags(role.tags())
                    .rolePolicyList(inline)
                    .attachedManagedPolicies(managed)
                    .build();
            return Stream.of(new Facts(detail, orEmpty(role.description()), role.maxSessionDuration()));
        } catch (NoSuchEntityException e) {
            return Stream.of();
        }
    }

    private static Known<Spec> known(Facts facts, Identity identity) {
        RoleDetail role = facts.detail();
        Spec spec = new Spec(
                role.roleName(),
                role.path(),
                PolicyDocuments.parse(role.assumeRolePolicyDocument()),
                facts.description(),
                facts.maxSessionDuration(),
                role.permissionsBoundary() == null
                        ? ""
                        : role.permissionsBoundary().permissionsBoundaryArn(),
                role.attachedManagedPolicies().stream()
                        .map(AttachedPolicy::policyArn)
                        .collect(Collectors.toUnmodifiableSet()),
                role.rolePolicyList().stream()
                        .map(p -> new InlinePolicy(p.policyName(), PolicyDocuments.parse(p.policyDocument())))
                        .toList(),
                identity.tags());
        return Known.of(identity, spec)
                .output("arn", role.arn())
                .output("name", role.roleName())
                .output("roleId", role.roleId())
                .createdAt(role.createDate());
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(IamClient.class)
                .createRole(r -> r.roleName(spec.roleName())
                        .path(spec.path())
                        .assumeRolePolicyDocument(PolicyDocuments.text(spec.assumeRolePolicyDocument()))
                        .description(spec.description())
                        .maxSessionDuration(spec.maxSessionDuration())
                        .permissionsBoundary("".equals(spec.permissionsBoundary()) ? null : spec.permissionsBoundary())
                        .tags(tags(spec.tags())))
                .role()
                .roleName();
    }

    /** What takes permissions away goes before what gives them. */
    @Override
    public void update(Change<Spec> change) {
        IamClient iam = change.client(IamClient.class);
        Spec spec = change.spec();
        String name = change.physicalId();
        boolean boundary = change.touches(Spec::permissionsBoundary);
        if (boundary && !"".equals(spec.permissionsBoundary())) {
            iam.putRolePermissionsBoundary(r -> r.roleName(name).permissionsBoundary(spec.permissionsBoundary()));
        }
        if (change.touches(Spec::assumeRolePolicyDocument)) {
            iam.updateAssumeRolePolicy(
                    r -> r.roleName(name).policyDocument(PolicyDocuments.text(spec.assumeRolePolicyDocument())));
        }
        if (change.touches(Spec::description, Spec::maxSessionDuration)) {
            updateRole(iam, change);
        }
        updatePolicies(iam, change);
        if (boundary && "".equals(spec.permissionsBoundary())) {
            iam.deleteRolePermissionsBoundary(r -> r.roleName(name));
        }
        updateTags(iam, change);
    }

    /** A duration that is not sent falls back to an hour, so that both go together. */
    private static void updateRole(IamClient iam, Change<Spec> change) {
        iam.updateRole(r -> r.roleName(change.physicalId())
                .description(change.merged(Spec::description))
                .maxSessionDuration(change.merged(Spec::maxSessionDuration)));
    }

    private static void updatePolicies(IamClient iam, Change<Spec> change) {
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

    private static void updateTags(IamClient iam, Change<Spec> change) {
        Map<String, String> put = change.tagsToPut(Spec::tags);
        if (!put.isEmpty()) {
            iam.tagRole(r -> r.roleName(change.physicalId()).tags(tags(put)));
        }
        Set<String> remove = change.tagsToRemove(Spec::tags);
        if (!remove.isEmpty()) {
            iam.untagRole(r -> r.roleName(change.physicalId()).tagKeys(remove));
        }
    }

    /** IAM deletes a role only when nothing hangs on it. */
    @Override
    public void delete(Observed<Spec> observed) {
        IamClient iam = observed.client(IamClient.class);
        String name = observed.physicalId();
        Optional<String> managed = first(observed.spec().managedPolicyArns());
        Optional<InlinePolicy> inline = first(observed.spec().policies());
        if (managed.isPresent()) {
            iam.detachRolePolicy(r -> r.roleName(name).policyArn(managed.get()));
        } else if (inline.isPresent()) {
            iam.deleteRolePolicy(r -> r.roleName(name).policyName(inline.get().policyName()));
        } else {
            iam.deleteRole(r -> r.roleName(name));
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static <T> Optional<T> first(@Nullable Collection<T> all) {
        return all == null ? Optional.empty() : all.stream().findFirst();
    }

    private static List<Tag> tags(@Nullable Map<String, String> tags) {
        return tags == null
                ? List.of()
                : tags.entrySet().stream()
                        .map(e -> Tag.builder()
                                .key(e.getKey())
                                .value(e.getValue())
                                .build())
                        .toList();
    }
}
