package dev.holdfast.twin.iam;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.*;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * The twin of IAM, with the calls that the kinds need: roles and their policies. All AWS managed policies count as
 * existing; an account has none of its own.
 */
public final class TwinIam implements IamClient, TwinService {
    private final TwinContext context;
    private final Roles roles;

    public TwinIam(TwinContext context) {
        this.context = context;
        this.roles = new Roles(context);
    }

    /**
     * A role as other services see it, {@link Delay#IAM_PROPAGATION} late.
     *
     * @param services the principals that may assume the role by its trust policy: {@code ecs-tasks.amazonaws.com}
     */
    public record RoleView(String arn, String name, Set<String> services) {
        public boolean assumableBy(String service) {
            return services.contains(service);
        }
    }

    /** @return null if the role does not exist, or if it is so new that other services do not see it yet */
    public @Nullable RoleView role(@Nullable String arnOrName) {
        Role role = roles.find(arnOrName);
        RoleAccess.Grants grants = role == null ? null : roles.access(role).effective(this::propagated);
        return role == null || grants == null
                ? null
                : new RoleView(role.arn(), role.roleName(), PolicyEvaluation.services(grants.trust()));
    }

    /**
     * Whether the policies of a role, as other services see them now, allow an action; false if the role does not
     * exist.
     */
    public boolean allows(@Nullable String roleArnOrName, String action, String resource) {
        Role role = roles.find(roleArnOrName);
        RoleAccess.Grants grants = role == null ? null : roles.access(role).effective(this::propagated);
        if (grants == null) {
            return false;
        }
        List<JsonNode> policies = new ArrayList<>(grants.inline().values());
        grants.managed().keySet().forEach(arn -> policies.add(PolicyEvaluation.ofAws(arn)));
        String boundary = grants.boundary();
        return PolicyEvaluation.allows(policies, action, resource)
                && (boundary == null
                        || PolicyEvaluation.allows(List.of(PolicyEvaluation.ofAws(boundary)), action, resource));
    }

    /**
     * Creates the role that AWS creates itself for a service ({@code ecs.amazonaws.com}). An existing role does not
     * change.
     */
    public void ensureServiceLinkedRole(String service, String roleName) {
        roles.ensureServiceLinked(service, roleName);
    }

    @Override
    public CreateServiceLinkedRoleResponse createServiceLinkedRole(CreateServiceLinkedRoleRequest r) {
        return CreateServiceLinkedRoleResponse.builder()
                .role(roles.shown(roles.addServiceLinked(r.awsServiceName())))
                .build();
    }

    private Map<String, String> checkedTrust(@Nullable String text) {
        return RoleRules.checkedTrust(text, context.account(), arn -> role(arn) == null ? null : roles.find(arn));
    }

    private boolean propagated(java.time.Instant since) {
        return context.passed(Delay.IAM_PROPAGATION, since);
    }

    @Override
    public CreateRoleResponse createRole(CreateRoleRequest r) {
        String name = r.roleName();
        RoleRules.checkName(name);
        roles.checkFree(name);
        Map<String, String> trusted = checkedTrust(r.assumeRolePolicyDocument());
        RoleRules.checkSession(r.maxSessionDuration());
        RoleRules.checkBoundary(r.permissionsBoundary());
        Role role = roles.add(
                SdkShapes.copy(r, Role.builder())
                        .path(r.path() == null ? "/" : r.path())
                        .permissionsBoundary(RoleRules.boundary(r.permissionsBoundary())),
                TwinTags.in(r),
                trusted);
        return CreateRoleResponse.builder().role(roles.shown(role)).build();
    }

    @Override
    public GetRoleResponse getRole(GetRoleRequest r) {
        return GetRoleResponse.builder()
                .role(roles.shown(roles.seen(r.roleName())))
                .build();
    }

    @Override
    public ListRolesResponse listRoles(ListRolesRequest r) {
        String prefix = r.pathPrefix() == null ? "/" : r.pathPrefix();
        Stream<Role> all = roles.sorted()
                .filter(role -> role.path().startsWith(prefix))
                .map(role -> roles.shown(role).toBuilder()
                        .tags(List.of())
                        .permissionsBoundary((AttachedPermissionsBoundary) null)
                        .build());
        return roles.store.page(r, ListRolesResponse.builder(), all);
    }

    @Override
    public GetAccountAuthorizationDetailsResponse getAccountAuthorizationDetails(
            GetAccountAuthorizationDetailsRequest r) {
        boolean wanted = r.filter().isEmpty() || r.filter().contains(EntityType.ROLE);
        List<RoleDetail> details = wanted ? roles.sorted().map(roles::detail).toList() : List.of();
        return page(
                r,
                GetAccountAuthorizationDetailsResponse.builder()
                        .userDetailList(List.of())
                        .groupDetailList(List.of())
                        .policies(List.of()),
                details);
    }

    /** A page has 100 elements unless the request sets a size; the largest size is 1,000. */
    private <R extends SdkPojo & SdkBuilder<R, A>, A> A page(SdkPojo request, R response, List<?> all) {
        return context.page(request, response, all, 1000, 100);
    }

    @Override
    public UpdateRoleResponse updateRole(UpdateRoleRequest r) {
        roles.modifiable(r.roleName());
        RoleRules.checkSession(r.maxSessionDuration());
        // If the request sets no duration, IAM resets it to one hour:
        // https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
        roles.store.change(
                r.roleName(),
                role -> SdkShapes.copy(r, role)
                        .maxSessionDuration(r.maxSessionDuration() == null ? 3600 : r.maxSessionDuration()));
        return UpdateRoleResponse.builder().build();
    }

    @Override
    public UpdateAssumeRolePolicyResponse updateAssumeRolePolicy(UpdateAssumeRolePolicyRequest r) {
        Role role = roles.modifiable(r.roleName());
        roles.access(role).trusted = checkedTrust(r.policyDocument());
        roles.changed(roles.store.change(r.roleName(), b -> b.assumeRolePolicyDocument(r.policyDocument())));
        return UpdateAssumeRolePolicyResponse.builder().build();
    }

    @Override
    public PutRolePolicyResponse putRolePolicy(PutRolePolicyRequest r) {
        Role role = roles.modifiable(r.roleName());
        PolicyEvaluation.checkIdentityPolicy(PolicyEvaluation.read(r.policyDocument()));
        Map<String, String> after = new TreeMap<>(roles.access(role).inline);
        after.put(r.policyName(), r.policyDocument());
        if (after.values().stream().mapToInt(String::length).sum() > 10_240) {
            throw RoleRules.limit("Maximum policy size of 10240 bytes exceeded for role " + r.roleName());
        }
        roles.access(role).inline.put(r.policyName(), r.policyDocument());
        roles.changed(role);
        return PutRolePolicyResponse.builder().build();
    }

    @Override
    public GetRolePolicyResponse getRolePolicy(GetRolePolicyRequest r) {
        Role role = roles.seen(r.roleName());
        return GetRolePolicyResponse.builder()
                .roleName(role.roleName())
                .policyName(r.policyName())
                .policyDocument(PolicyEvaluation.encoded(inline(role, r.policyName())))
                .build();
    }

    @Override
    public DeleteRolePolicyResponse deleteRolePolicy(DeleteRolePolicyRequest r) {
        Role role = roles.modifiable(r.roleName());
        inline(role, r.policyName());
        roles.access(role).inline.remove(r.policyName());
        roles.changed(role);
        return DeleteRolePolicyResponse.builder().build();
    }

    private String inline(Role role, @Nullable String policy) {
        String text = policy == null ? null : roles.access(role).inline.get(policy);
        if (text == null) {
            throw RoleRules.noSuchEntity("The role policy with name " + policy + " cannot be found.");
        }
        return text;
    }

    @Override
    public ListRolePoliciesResponse listRolePolicies(ListRolePoliciesRequest r) {
        List<String> names =
                List.copyOf(roles.access(roles.seen(r.roleName())).inline.keySet());
        return page(r, ListRolePoliciesResponse.builder(), names);
    }

    @Override
    public AttachRolePolicyResponse attachRolePolicy(AttachRolePolicyRequest r) {
        Role role = roles.modifiable(r.roleName());
        String arn = r.policyArn();
        if (!RoleRules.isManagedPolicy(arn)) {
            throw RoleRules.noSuchEntity("Policy " + arn + " does not exist or is not attachable.");
        }
        if (!roles.access(role).managed.containsKey(arn)
                && roles.access(role).managed.size() >= 10) {
            throw RoleRules.limit("Cannot exceed quota for PoliciesPerRole: 10");
        }
        roles.access(role).managed.put(arn, arn.substring(arn.lastIndexOf('/') + 1));
        roles.changed(role);
        return AttachRolePolicyResponse.builder().build();
    }

    @Override
    public DetachRolePolicyResponse detachRolePolicy(DetachRolePolicyRequest r) {
        Role role = roles.modifiable(r.roleName());
        if (r.policyArn() == null || roles.access(role).managed.remove(r.policyArn()) == null) {
            throw RoleRules.noSuchEntity("Policy " + r.policyArn() + " was not found.");
        }
        roles.changed(role);
        return DetachRolePolicyResponse.builder().build();
    }

    @Override
    public ListAttachedRolePoliciesResponse listAttachedRolePolicies(ListAttachedRolePoliciesRequest r) {
        List<AttachedPolicy> attached = roles.attached(roles.seen(r.roleName()));
        return page(r, ListAttachedRolePoliciesResponse.builder(), attached);
    }

    @Override
    public PutRolePermissionsBoundaryResponse putRolePermissionsBoundary(PutRolePermissionsBoundaryRequest r) {
        roles.modifiable(r.roleName());
        RoleRules.checkBoundary(r.permissionsBoundary());
        roles.changed(roles.store.change(
                r.roleName(), b -> b.permissionsBoundary(RoleRules.boundary(r.permissionsBoundary()))));
        return PutRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    public DeleteRolePermissionsBoundaryResponse deleteRolePermissionsBoundary(DeleteRolePermissionsBoundaryRequest r) {
        Role role = roles.modifiable(r.roleName());
        if (role.permissionsBoundary() == null) {
            throw RoleRules.noSuchEntity("The role " + r.roleName() + " has no permissions boundary.");
        }
        roles.changed(roles.store.change(r.roleName(), b -> b.permissionsBoundary((AttachedPermissionsBoundary) null)));
        return DeleteRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    public TagRoleResponse tagRole(TagRoleRequest r) {
        roles.store.tag(roles.modifiable(r.roleName()).roleName(), TwinTags.in(r));
        return TagRoleResponse.builder().build();
    }

    @Override
    public UntagRoleResponse untagRole(UntagRoleRequest r) {
        roles.store.untag(roles.modifiable(r.roleName()).roleName(), r.tagKeys());
        return UntagRoleResponse.builder().build();
    }

    @Override
    public ListRoleTagsResponse listRoleTags(ListRoleTagsRequest r) {
        Role role = roles.shown(roles.seen(r.roleName()));
        return page(r, ListRoleTagsResponse.builder(), role.tags());
    }

    @Override
    public ListInstanceProfilesForRoleResponse listInstanceProfilesForRole(ListInstanceProfilesForRoleRequest r) {
        roles.seen(r.roleName());
        return ListInstanceProfilesForRoleResponse.builder()
                .instanceProfiles(List.of())
                .isTruncated(false)
                .build();
    }

    @Override
    public DeleteRoleResponse deleteRole(DeleteRoleRequest r) {
        Role role = roles.modifiable(r.roleName());
        if (!roles.access(role).managed.isEmpty()) {
            throw RoleRules.conflict("Cannot delete entity, must detach all policies first.");
        }
        if (!roles.access(role).inline.isEmpty()) {
            throw RoleRules.conflict("Cannot delete entity, must delete policies first.");
        }
        roles.remove(role);
        return DeleteRoleResponse.builder().build();
    }

    @Override
    public List<TwinItem> inventory() {
        return roles.store.items();
    }
}
