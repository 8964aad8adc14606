package dev.holdfast.twin.iam;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.twin.Delay;
import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinErrors;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import dev.holdfast.twin.TwinTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.*;

/**
 * The twin of IAM, as far as the kinds need it: roles and their policies. AWS's own managed policies all exist; an account
 * has none of its own.
 */
public final class TwinIam implements IamClient, TwinService {
    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,64}");
    private static final Pattern AWS_POLICY = Pattern.compile("arn:aws:iam::aws:policy/([\\w+=,.@-]+/)*[\\w+=,.@-]+");

    private final TwinContext context;
    private final TwinTable<TwinRole> roles;

    public TwinIam(TwinContext context) {
        this.context = context;
        this.roles = new TwinTable<>(context);
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
        TwinRole role = find(arnOrName);
        TwinRole.Grants grants = role == null ? null : role.effective(this::propagated);
        return role == null || grants == null
                ? null
                : new RoleView(role.arn, role.name, TwinPolicies.services(grants.trust()));
    }

    /** Whether the policies of a role allow an action now, as the other services see them; false if there is no such role. */
    public boolean allows(@Nullable String roleArnOrName, String action, String resource) {
        TwinRole role = find(roleArnOrName);
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
        if (roles.get(roleName) == null) {
            String trust =
                    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\""
                            + service + "\"},\"Action\":\"sts:AssumeRole\"}]}";
            add(roleName, "/aws-service-role/" + service + "/", trust).changed(context.now());
        }
    }

    private boolean propagated(java.time.Instant since) {
        return context.passed(Delay.IAM_PROPAGATION, since);
    }

    private @Nullable TwinRole find(@Nullable String arnOrName) {
        if (arnOrName == null || !arnOrName.startsWith("arn:")) {
            return roles.get(arnOrName);
        }
        TwinRole role = roles.get(arnOrName.substring(arnOrName.lastIndexOf('/') + 1));
        return role != null && role.arn.equals(arnOrName) ? role : null;
    }

    @Override
    public CreateRoleResponse createRole(CreateRoleRequest r) {
        String name = r.roleName();
        if (name == null || !NAME.matcher(name).matches()) {
            throw error(
                    400,
                    "ValidationError",
                    "The specified value for roleName is invalid. It must contain only"
                            + " alphanumeric characters and/or the following: +=,.@_-");
        }
        if (roles.get(name) != null) {
            throw TwinErrors.error(
                    EntityAlreadyExistsException.builder(),
                    409,
                    "EntityAlreadyExists",
                    "Role with name " + name + " already exists.");
        }
        Map<String, String> trusted = checkedTrust(r.assumeRolePolicyDocument());
        checkSession(r.maxSessionDuration());
        checkBoundary(r.permissionsBoundary());
        TwinRole role = add(name, r.path() == null ? "/" : r.path(), r.assumeRolePolicyDocument());
        role.trusted = trusted;
        role.description = r.description();
        role.maxSessionDuration = r.maxSessionDuration() == null ? 3600 : r.maxSessionDuration();
        role.boundary = r.permissionsBoundary();
        r.tags().forEach(t -> role.tags.put(t.key(), t.value()));
        role.changed(context.now());
        return CreateRoleResponse.builder().role(answer(role)).build();
    }

    private TwinRole add(String name, String path, String trust) {
        TwinRole role = new TwinRole(
                name,
                path,
                "AROA" + context.hex(17).toUpperCase(Locale.ROOT),
                "arn:aws:iam::" + context.account() + ":role" + path + name,
                trust,
                context.now());
        roles.put(name, role);
        return role;
    }

    /** @return the ids of the roles that the policy names, by ARN */
    private Map<String, String> checkedTrust(@Nullable String text) {
        JsonNode policy = TwinPolicies.read(text);
        TwinPolicies.checkTrustPolicy(policy);
        if (text != null && text.length() > 2048) {
            throw limit("Cannot exceed quota for ACLSizePerRole: 2048");
        }
        Map<String, String> ids = new TreeMap<>();
        for (String principal : TwinPolicies.principals(policy, "AWS")) {
            if (principal.startsWith("arn:aws:iam::" + context.account() + ":") && !principal.endsWith(":root")) {
                TwinRole role = find(principal);
                if (role == null || role.effective(this::propagated) == null) {
                    throw TwinPolicies.malformed("Invalid principal in policy: \"AWS\":\"" + principal + "\"");
                }
                ids.put(principal, role.id);
            } else if (!principal.startsWith("arn:") && !principal.matches("\\*|\\d{12}")) {
                throw TwinPolicies.malformed("Invalid principal in policy: \"AWS\":\"" + principal + "\"");
            }
        }
        for (String service : TwinPolicies.principals(policy, "Service")) {
            if (!service.endsWith(".amazonaws.com")) {
                throw TwinPolicies.malformed("Invalid principal in policy: \"SERVICE\":\"" + service + "\"");
            }
        }
        return ids;
    }

    private static void checkSession(@Nullable Integer seconds) {
        if (seconds != null && (seconds < 3600 || seconds > 43200)) {
            throw error(
                    400,
                    "ValidationError",
                    "1 validation error detected: Value '" + seconds
                            + "' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between"
                            + " 3600 and 43200");
        }
    }

    private static void checkBoundary(@Nullable String arn) {
        if (arn != null && !AWS_POLICY.matcher(arn).matches()) {
            throw noSuchEntity("Scope ARN: " + arn + " does not exist or is not attachable.");
        }
    }

    @Override
    public GetRoleResponse getRole(GetRoleRequest r) {
        return GetRoleResponse.builder().role(answer(seen(r.roleName()))).build();
    }

    @Override
    public ListRolesResponse listRoles(ListRolesRequest r) {
        String prefix = r.pathPrefix() == null ? "/" : r.pathPrefix();
        List<TwinRole> all =
                sorted().stream().filter(role -> role.path.startsWith(prefix)).toList();
        TwinContext.Page<TwinRole> page = context.page(all, r.marker(), 1000, maxItems(r.maxItems()));
        return ListRolesResponse.builder()
                .roles(page.items().stream()
                        .map(role -> answer(role).toBuilder()
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
                context.page(wanted ? sorted() : List.of(), r.marker(), 1000, maxItems(r.maxItems()));
        return GetAccountAuthorizationDetailsResponse.builder()
                .userDetailList(List.of())
                .groupDetailList(List.of())
                .policies(List.of())
                .roleDetailList(page.items().stream().map(this::detail).toList())
                .isTruncated(page.next() != null)
                .marker(page.next())
                .build();
    }

    private List<TwinRole> sorted() {
        return roles.visible().stream()
                .sorted(Comparator.comparing(role -> role.name))
                .toList();
    }

    /** A page is 100 long unless more are asked for, at most 1,000. */
    private static int maxItems(@Nullable Integer asked) {
        return asked == null ? 100 : asked;
    }

    @Override
    public UpdateRoleResponse updateRole(UpdateRoleRequest r) {
        TwinRole role = modifiable(r.roleName());
        checkSession(r.maxSessionDuration());
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
        TwinRole role = modifiable(r.roleName());
        role.trusted = checkedTrust(r.policyDocument());
        role.trust = r.policyDocument();
        role.changed(context.now());
        return UpdateAssumeRolePolicyResponse.builder().build();
    }

    @Override
    public PutRolePolicyResponse putRolePolicy(PutRolePolicyRequest r) {
        TwinRole role = modifiable(r.roleName());
        TwinPolicies.checkIdentityPolicy(TwinPolicies.read(r.policyDocument()));
        Map<String, String> after = new TreeMap<>(role.inline);
        after.put(r.policyName(), r.policyDocument());
        if (after.values().stream().mapToInt(String::length).sum() > 10_240) {
            throw limit("Maximum policy size of 10240 bytes exceeded for role " + role.name);
        }
        role.inline.put(r.policyName(), r.policyDocument());
        role.changed(context.now());
        return PutRolePolicyResponse.builder().build();
    }

    @Override
    public GetRolePolicyResponse getRolePolicy(GetRolePolicyRequest r) {
        TwinRole role = seen(r.roleName());
        return GetRolePolicyResponse.builder()
                .roleName(role.name)
                .policyName(r.policyName())
                .policyDocument(TwinPolicies.encoded(inline(role, r.policyName())))
                .build();
    }

    @Override
    public DeleteRolePolicyResponse deleteRolePolicy(DeleteRolePolicyRequest r) {
        TwinRole role = modifiable(r.roleName());
        inline(role, r.policyName());
        role.inline.remove(r.policyName());
        role.changed(context.now());
        return DeleteRolePolicyResponse.builder().build();
    }

    private static String inline(TwinRole role, @Nullable String policy) {
        String text = policy == null ? null : role.inline.get(policy);
        if (text == null) {
            throw noSuchEntity("The role policy with name " + policy + " cannot be found.");
        }
        return text;
    }

    @Override
    public ListRolePoliciesResponse listRolePolicies(ListRolePoliciesRequest r) {
        List<String> names = List.copyOf(seen(r.roleName()).inline.keySet());
        TwinContext.Page<String> page = context.page(names, r.marker(), 1000, maxItems(r.maxItems()));
        return ListRolePoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.next() != null)
                .marker(page.next())
                .build();
    }

    @Override
    public AttachRolePolicyResponse attachRolePolicy(AttachRolePolicyRequest r) {
        TwinRole role = modifiable(r.roleName());
        String arn = r.policyArn();
        if (arn == null || !AWS_POLICY.matcher(arn).matches()) {
            throw noSuchEntity("Policy " + arn + " does not exist or is not attachable.");
        }
        if (!role.managed.containsKey(arn) && role.managed.size() >= 10) {
            throw limit("Cannot exceed quota for PoliciesPerRole: 10");
        }
        role.managed.put(arn, arn.substring(arn.lastIndexOf('/') + 1));
        role.changed(context.now());
        return AttachRolePolicyResponse.builder().build();
    }

    @Override
    public DetachRolePolicyResponse detachRolePolicy(DetachRolePolicyRequest r) {
        TwinRole role = modifiable(r.roleName());
        if (r.policyArn() == null || role.managed.remove(r.policyArn()) == null) {
            throw noSuchEntity("Policy " + r.policyArn() + " was not found.");
        }
        role.changed(context.now());
        return DetachRolePolicyResponse.builder().build();
    }

    @Override
    public ListAttachedRolePoliciesResponse listAttachedRolePolicies(ListAttachedRolePoliciesRequest r) {
        List<AttachedPolicy> attached = attached(seen(r.roleName()));
        TwinContext.Page<AttachedPolicy> page = context.page(attached, r.marker(), 1000, maxItems(r.maxItems()));
        return ListAttachedRolePoliciesResponse.builder()
                .attachedPolicies(page.items())
                .isTruncated(page.next() != null)
                .marker(page.next())
                .build();
    }

    @Override
    public PutRolePermissionsBoundaryResponse putRolePermissionsBoundary(PutRolePermissionsBoundaryRequest r) {
        TwinRole role = modifiable(r.roleName());
        checkBoundary(r.permissionsBoundary());
        role.boundary = r.permissionsBoundary();
        role.changed(context.now());
        return PutRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    public DeleteRolePermissionsBoundaryResponse deleteRolePermissionsBoundary(DeleteRolePermissionsBoundaryRequest r) {
        TwinRole role = modifiable(r.roleName());
        if (role.boundary == null) {
            throw noSuchEntity("The role " + role.name + " has no permissions boundary.");
        }
        role.boundary = null;
        role.changed(context.now());
        return DeleteRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    public TagRoleResponse tagRole(TagRoleRequest r) {
        TwinRole role = modifiable(r.roleName());
        Map<String, String> after = new TreeMap<>(role.tags);
        r.tags().forEach(t -> after.put(t.key(), t.value()));
        if (after.size() > 50) {
            throw limit("The number of tags has reached the maximum limit.");
        }
        role.tags.putAll(after);
        return TagRoleResponse.builder().build();
    }

    @Override
    public UntagRoleResponse untagRole(UntagRoleRequest r) {
        modifiable(r.roleName()).tags.keySet().removeAll(r.tagKeys());
        return UntagRoleResponse.builder().build();
    }

    @Override
    public ListRoleTagsResponse listRoleTags(ListRoleTagsRequest r) {
        TwinContext.Page<Tag> page = context.page(tags(seen(r.roleName())), r.marker(), 1000, maxItems(r.maxItems()));
        return ListRoleTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.next() != null)
                .marker(page.next())
                .build();
    }

    @Override
    public ListInstanceProfilesForRoleResponse listInstanceProfilesForRole(ListInstanceProfilesForRoleRequest r) {
        seen(r.roleName());
        return ListInstanceProfilesForRoleResponse.builder()
                .instanceProfiles(List.of())
                .isTruncated(false)
                .build();
    }

    @Override
    public DeleteRoleResponse deleteRole(DeleteRoleRequest r) {
        TwinRole role = modifiable(r.roleName());
        if (!role.managed.isEmpty()) {
            throw conflict("Cannot delete entity, must detach all policies first.");
        }
        if (!role.inline.isEmpty()) {
            throw conflict("Cannot delete entity, must delete policies first.");
        }
        roles.remove(role.name);
        return DeleteRoleResponse.builder().build();
    }

    private TwinRole seen(@Nullable String name) {
        TwinRole role = roles.visible(name);
        if (role == null) {
            throw noSuchEntity("The role with name " + name + " cannot be found.");
        }
        return role;
    }

    private TwinRole modifiable(@Nullable String name) {
        TwinRole role = seen(name);
        if (role.serviceLinked()) {
            throw error(
                    400,
                    "UnmodifiableEntity",
                    "Cannot perform the operation on the protected role '" + name
                            + "' - this role is only modifiable by AWS");
        }
        return role;
    }

    private Role answer(TwinRole role) {
        return Role.builder()
                .path(role.path)
                .roleName(role.name)
                .roleId(role.id)
                .arn(role.arn)
                .createDate(role.createdAt)
                .assumeRolePolicyDocument(trust(role))
                .description(role.description)
                .maxSessionDuration(role.maxSessionDuration)
                .permissionsBoundary(boundary(role))
                .tags(tags(role))
                .build();
    }

    private RoleDetail detail(TwinRole role) {
        return RoleDetail.builder()
                .path(role.path)
                .roleName(role.name)
                .roleId(role.id)
                .arn(role.arn)
                .createDate(role.createdAt)
                .assumeRolePolicyDocument(trust(role))
                .instanceProfileList(List.of())
                .rolePolicyList(role.inline.entrySet().stream()
                        .map(e -> PolicyDetail.builder()
                                .policyName(e.getKey())
                                .policyDocument(TwinPolicies.encoded(e.getValue()))
                                .build())
                        .toList())
                .attachedManagedPolicies(attached(role))
                .permissionsBoundary(boundary(role))
                .tags(tags(role))
                .build();
    }

    /** A role that the policy names and that is gone shows as its id, also when another has taken its name since. */
    private String trust(TwinRole role) {
        String text = role.trust;
        for (Map.Entry<String, String> e : role.trusted.entrySet()) {
            TwinRole named = find(e.getKey());
            if (named == null || !named.id.equals(e.getValue())) {
                text = text.replace('"' + e.getKey() + '"', '"' + e.getValue() + '"');
            }
        }
        return TwinPolicies.encoded(text);
    }

    private static @Nullable AttachedPermissionsBoundary boundary(TwinRole role) {
        return role.boundary == null
                ? null
                : AttachedPermissionsBoundary.builder()
                        .permissionsBoundaryArn(role.boundary)
                        .permissionsBoundaryType("Policy")
                        .build();
    }

    private static List<AttachedPolicy> attached(TwinRole role) {
        return role.managed.entrySet().stream()
                .map(e -> AttachedPolicy.builder()
                        .policyArn(e.getKey())
                        .policyName(e.getValue())
                        .build())
                .toList();
    }

    private static List<Tag> tags(TwinRole role) {
        return role.tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }

    private static AwsServiceException noSuchEntity(String message) {
        return TwinErrors.error(NoSuchEntityException.builder(), 404, "NoSuchEntity", message);
    }

    private static AwsServiceException conflict(String message) {
        return TwinErrors.error(DeleteConflictException.builder(), 409, "DeleteConflict", message);
    }

    private static AwsServiceException limit(String message) {
        return TwinErrors.error(LimitExceededException.builder(), 409, "LimitExceeded", message);
    }

    private static AwsServiceException error(int status, String code, String message) {
        return TwinErrors.error(status, code, message);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public List<TwinItem> inventory() {
        return roles.all().stream()
                .map(role -> new TwinItem(
                        "iam:role", role.name, role.arn, Map.copyOf(role.tags), detail(role) + " " + answer(role)))
                .toList();
    }
}
