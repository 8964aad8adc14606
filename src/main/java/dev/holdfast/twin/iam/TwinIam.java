package dev.holdfast.twin.iam;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.*;

/**
 * The twin of IAM, as far as the kinds need it: roles and their policies. AWS's own managed policies all exist; an account
 * has none of its own.
 */
public final class TwinIam implements IamClient, TwinService {
    private final TwinContext context;
    private final Roles roles;
    private final RoleAnswers answers;

    public TwinIam(TwinContext context) {
        this.context = context;
        this.roles = new Roles(context);
        this.answers = new RoleAnswers(roles::find);
    }

    /**
     * A role as the other services see it now, which is late by {@link Delay#IAM_PROPAGATION}.
     *
     * @param services the principals that its trust policy lets assume it: {@code ecs-tasks.amazonaws.com}
     */
    public record RoleView(String arn, String name, Set<String> services) {
        public boolean assumableBy(String service) {
            return services.contains(service);
        }
    }

    /** @return null if there is none, or if it is so new that other services do not see it yet */
    public @Nullable RoleView role(@Nullable String arnOrName) {
        TwinRole role = roles.find(arnOrName);
        TwinRole.Grants grants = role == null ? null : role.effective(this::propagated);
        return role == null || grants == null
                ? null
                : new RoleView(role.arn, role.name, TwinPolicies.services(grants.trust()));
    }

    /** Whether the policies of a role allow an action now, as the other services see them; false if there is no such role. */
    public boolean allows(@Nullable String roleArnOrName, String action, String resource) {
        TwinRole role = roles.find(roleArnOrName);
        TwinRole.Grants grants = role == null ? null : role.effective(this::propagated);
        if (grants == null) {
            return false;
        }
        List<JsonNode> policies = new ArrayList<>(grants.inline().values());
        grants.managed().keySet().forEach(arn -> policies.add(TwinPolicies.ofAws(arn)));
        String boundary = grants.boundary();
        return TwinPolicies.allows(policies, action, resource)
                && (boundary == null || TwinPolicies.allows(List.of(TwinPolicies.ofAws(boundary)), action, resource));
    }

    /** Makes the role that AWS makes for a service by itself ({@code ecs.amazonaws.com}); one that is there stays. */
    public void ensureServiceLinkedRole(String service, String roleName) {
        roles.ensureServiceLinked(service, roleName);
    }

    @Override
    public CreateServiceLinkedRoleResponse createServiceLinkedRole(CreateServiceLinkedRoleRequest r) {
        return CreateServiceLinkedRoleResponse.builder()
                .role(answers.role(roles.addServiceLinked(r.awsServiceName())))
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
        TwinRole role = roles.add(name, r.path() == null ? "/" : r.path(), r.assumeRolePolicyDocument());
        role.trusted = trusted;
        role.description = r.description();
        role.maxSessionDuration = r.maxSessionDuration() == null ? 3600 : r.maxSessionDuration();
        role.boundary = r.permissionsBoundary();
        r.tags().forEach(t -> role.tags.put(t.key(), t.value()));
        role.changed(context.now());
        return CreateRoleResponse.builder().role(answers.role(role)).build();
    }

    @Override
    public GetRoleResponse getRole(GetRoleRequest r) {
        return GetRoleResponse.builder()
                .role(answers.role(roles.seen(r.roleName())))
                .build();
    }

    @Override
    public ListRolesResponse listRoles(ListRolesRequest r) {
        String prefix = r.pathPrefix() == null ? "/" : r.pathPrefix();
        List<TwinRole> all = roles.sorted().stream()
                .filter(role -> role.path.startsWith(prefix))
                .toList();
        TwinContext.Page<TwinRole> page = context.page(all, r.marker(), 1000, maxItems(r.maxItems()));
        return ListRolesResponse.builder()
                .roles(page.items().stream()
                        .map(role -> answers.role(role).toBuilder()
                                .tags(List.of())
                                .permissionsBoundary((AttachedPermissionsBoundary) null)
                                .build())
                        .toList())
                .isTruncated(page.next() != null)
                .marker(page.next())
                .build();
    }

    @Override
    public GetAccountAuthorizationDetailsResponse getAccountAuthorizationDetails(
            GetAccountAuthorizationDetailsRequest r) {
        boolean wanted = r.filter().isEmpty() || r.filter().contains(EntityType.ROLE);
        TwinContext.Page<TwinRole> page =
                context.page(wanted ? roles.sorted() : List.of(), r.marker(), 1000, maxItems(r.maxItems()));
        return GetAccountAuthorizationDetailsResponse.builder()
                .userDetailList(List.of())
                .groupDetailList(List.of())
                .policies(List.of())
                .roleDetailList(page.items().stream().map(answers::detail).toList())
                .isTruncated(page.next() != null)
                .marker(page.next())
                .build();
    }

    /** A page is 100 long unless more are asked for, at most 1,000. */
    private static int maxItems(@Nullable Integer asked) {
        return asked == null ? 100 : asked;
    }

    @Override
    public UpdateRoleResponse updateRole(UpdateRoleRequest r) {
        TwinRole role = roles.modifiable(r.roleName());
        RoleRules.checkSession(r.maxSessionDuration());
        if (r.description() != null) {
            role.description = r.description();
        }
        // What is not said falls back to an hour:
        // https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
        role.maxSessionDuration = r.maxSessionDuration() == null ? 3600 : r.maxSessionDuration();
        return UpdateRoleResponse.builder().build();
    }

    @Override
    public UpdateAssumeRolePolicyResponse updateAssumeRolePolicy(UpdateAssumeRolePolicyRequest r) {
        TwinRole role = roles.modifiable(r.roleName());
        role.trusted = checkedTrust(r.policyDocument());
        role.trust = r.policyDocument();
        role.changed(context.now());
        return UpdateAssumeRolePolicyResponse.builder().build();
    }

    @Override
    public PutRolePolicyResponse putRolePolicy(PutRolePolicyRequest r) {
        TwinRole role = roles.modifiable(r.roleName());
        TwinPolicies.checkIdentityPolicy(TwinPolicies.read(r.policyDocument()));
        Map<String, String> after = new TreeMap<>(role.inline);
        after.put(r.policyName(), r.policyDocument());
        if (after.values().stream().mapToInt(String::length).sum() > 10_240) {
            throw RoleRules.limit("Maximum policy size of 10240 bytes exceeded for role " + role.name);
        }
        role.inline.put(r.policyName(), r.policyDocument());
        role.changed(context.now());
        return PutRolePolicyResponse.builder().build();
    }

    @Override
    public GetRolePolicyResponse getRolePolicy(GetRolePolicyRequest r) {
        TwinRole role = roles.seen(r.roleName());
        return GetRolePolicyResponse.builder()
                .roleName(role.name)
                .policyName(r.policyName())
                .policyDocument(TwinPolicies.encoded(inline(role, r.policyName())))
                .build();
    }

    @Override
    public DeleteRolePolicyResponse deleteRolePolicy(DeleteRolePolicyRequest r) {
        TwinRole role = roles.modifiable(r.roleName());
        inline(role, r.policyName());
        role.inline.remove(r.policyName());
        role.changed(context.now());
        return DeleteRolePolicyResponse.builder().build();
    }

    private static String inline(TwinRole role, @Nullable String policy) {
        String text = policy == null ? null : role.inline.get(policy);
        if (text == null) {
            throw RoleRules.noSuchEntity("The role policy with name " + policy + " cannot be found.");
        }
        return text;
    }

    @Override
    public ListRolePoliciesResponse listRolePolicies(ListRolePoliciesRequest r) {
        List<String> names = List.copyOf(roles.seen(r.roleName()).inline.keySet());
        TwinContext.Page<String> page = context.page(names, r.marker(), 1000, maxItems(r.maxItems()));
        return ListRolePoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.next() != null)
                .marker(page.next())
                .build();
    }

    @Override
    public AttachRolePolicyResponse attachRolePolicy(AttachRolePolicyRequest r) {
        TwinRole role = roles.modifiable(r.roleName());
        String arn = r.policyArn();
        if (!RoleRules.isManagedPolicy(arn)) {
            throw RoleRules.noSuchEntity("Policy " + arn + " does not exist or is not attachable.");
        }
        if (!role.managed.containsKey(arn) && role.managed.size() >= 10) {
            throw RoleRules.limit("Cannot exceed quota for PoliciesPerRole: 10");
        }
        role.managed.put(arn, arn.substring(arn.lastIndexOf('/') + 1));
        role.changed(context.now());
        return AttachRolePolicyResponse.builder().build();
    }

    @Override
    public DetachRolePolicyResponse detachRolePolicy(DetachRolePolicyRequest r) {
        TwinRole role = roles.modifiable(r.roleName());
        if (r.policyArn() == null || role.managed.remove(r.policyArn()) == null) {
            throw RoleRules.noSuchEntity("Policy " + r.policyArn() + " was not found.");
        }
        role.changed(context.now());
        return DetachRolePolicyResponse.builder().build();
    }

    @Override
    public ListAttachedRolePoliciesResponse listAttachedRolePolicies(ListAttachedRolePoliciesRequest r) {
        List<AttachedPolicy> attached = RoleAnswers.attached(roles.seen(r.roleName()));
        TwinContext.Page<AttachedPolicy> page = context.page(attached, r.marker(), 1000, maxItems(r.maxItems()));
        return ListAttachedRolePoliciesResponse.builder()
                .attachedPolicies(page.items())
                .isTruncated(page.next() != null)
                .marker(page.next())
                .build();
    }

    @Override
    public PutRolePermissionsBoundaryResponse putRolePermissionsBoundary(PutRolePermissionsBoundaryRequest r) {
        TwinRole role = roles.modifiable(r.roleName());
        RoleRules.checkBoundary(r.permissionsBoundary());
        role.boundary = r.permissionsBoundary();
        role.changed(context.now());
        return PutRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    public DeleteRolePermissionsBoundaryResponse deleteRolePermissionsBoundary(DeleteRolePermissionsBoundaryRequest r) {
        TwinRole role = roles.modifiable(r.roleName());
        if (role.boundary == null) {
            throw RoleRules.noSuchEntity("The role " + role.name + " has no permissions boundary.");
        }
        role.boundary = null;
        role.changed(context.now());
        return DeleteRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    public TagRoleResponse tagRole(TagRoleRequest r) {
        TwinRole role = roles.modifiable(r.roleName());
        Map<String, String> after = new TreeMap<>(role.tags);
        r.tags().forEach(t -> after.put(t.key(), t.value()));
        if (after.size() > 50) {
            throw RoleRules.limit("The number of tags has reached the maximum limit.");
        }
        role.tags.putAll(after);
        return TagRoleResponse.builder().build();
    }

    @Override
    public UntagRoleResponse untagRole(UntagRoleRequest r) {
        roles.modifiable(r.roleName()).tags.keySet().removeAll(r.tagKeys());
        return UntagRoleResponse.builder().build();
    }

    @Override
    public ListRoleTagsResponse listRoleTags(ListRoleTagsRequest r) {
        TwinContext.Page<Tag> page =
                context.page(RoleAnswers.tags(roles.seen(r.roleName())), r.marker(), 1000, maxItems(r.maxItems()));
        return ListRoleTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.next() != null)
                .marker(page.next())
                .build();
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
        TwinRole role = roles.modifiable(r.roleName());
        if (!role.managed.isEmpty()) {
            throw RoleRules.conflict("Cannot delete entity, must detach all policies first.");
        }
        if (!role.inline.isEmpty()) {
            throw RoleRules.conflict("Cannot delete entity, must delete policies first.");
        }
        roles.remove(role);
        return DeleteRoleResponse.builder().build();
    }

    @Override
    public List<TwinItem> inventory() {
        return roles.all().stream()
                .map(role -> new TwinItem(
                        "iam:role",
                        role.name,
                        role.arn,
                        Map.copyOf(role.tags),
                        answers.detail(role) + " " + answers.role(role)))
                .toList();
    }
}
