package dev.holdfast.kinds.elasticache;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.CreateUserGroupRequest;
import software.amazon.awssdk.services.elasticache.model.UserGroup;
import software.amazon.awssdk.services.elasticache.model.UserGroupNotFoundException;
import software.amazon.awssdk.services.elasticache.model.UserGroupPendingChanges;

/** A user group: the users of the caches that name the group. */
@Singleton
public final class CacheUserGroupKind extends DeclaredKind<CacheUserGroupKind.Spec> {
    private static final int PAGE = 100;

    /** @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html">CreateUserGroup</a> */
    public record Spec(
            @Doc("The id, in lower case.") @PhysicalName(max = 40, lower = true, letterFirst = true)
            String userGroupId,

            @Doc("The engine: redis or valkey. A group of valkey is for caches of valkey, and all its users log in.")
            @Required
            @Offers({"redis", "valkey"})
            String engine,

            @Doc("The users, each with a different name. A group of redis needs a user with the name default: either"
                    + " ElastiCache's user default, which may do everything without a password, or your own.")
            @Required
            @Ref("CacheUser")
            Set<String> userIds,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("CacheUserGroup", Spec.class, ElastiCacheClient.class)
                .description("A user group of ElastiCache: the users of the caches that name it.")
                .lists(
                        cache -> cache.describeUserGroupsPaginator(r -> r.maxRecords(PAGE))
                                .userGroups(),
                        PointRead.of(
                                (cache, id) -> cache.describeUserGroups(r -> r.userGroupId(id))
                                        .userGroups(),
                                UserGroupNotFoundException.class))
                .named(UserGroup::userGroupId)
                .arn(UserGroup::arn)
                .tags(CacheTags.indexed("usergroup"))
                .reads(Spec::userIds, CacheUserGroupKind::users)
                .createsNamed(CreateUserGroupRequest::builder, ElastiCacheClient::createUserGroup)
                .updates(CacheUserGroupKind::change, Spec::engine, Spec::userIds)
                .deletes((cache, id) -> cache.deleteUserGroup(r -> r.userGroupId(id)))
                .state((known, group) ->
                        known.phase(CacheStatus.phase(group.status())).health(CacheStatus.health(group.status())))
                .output("id", "Its id.", UserGroup::userGroupId)
                .output("arn", "Its ARN.", UserGroup::arn)
                .fault("UserGroupAlreadyExists", EXISTS)
                // A cache still uses the group. Without this text, the code means that the group is being changed.
                .fault("InvalidUserGroupState", "associated", DEPENDENCY)
                .fault("InvalidUserGroupState", CONFLICT)
                .fault("InvalidUserState", CONFLICT)
                .fault("UserNotFound", DEPENDENCY)
                // ElastiCache removes a deleted user from its groups; the next pass observes the group without the
                // user.
                .fault("InvalidParameterValue", "is not a member", CONFLICT)
                .fault("UserGroupQuotaExceeded", QUOTA)
                .permissions(Permissions.on("elasticache:{region}:{account}:usergroup:{name}")
                        .touches("elasticache:CreateUserGroup", "elasticache:{region}:{account}:user:*")
                        .touches("elasticache:ModifyUserGroup", "elasticache:{region}:{account}:user:*"))
                .page("https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html");
    }

    /** The users that the group has once its pending changes are complete. */
    private static Set<String> users(UserGroup group) {
        Set<String> users = new TreeSet<>(group.userIds());
        UserGroupPendingChanges pending = group.pendingChanges();
        if (pending != null) {
            users.addAll(pending.userIdsToAdd());
            users.removeAll(pending.userIdsToRemove());
        }
        return users;
    }

    /** One call adds and removes: only so can one user named default replace another user named default. */
    private static void change(ElastiCacheClient cache, Change<Spec> change) {
        Delta<String> users = change.deltaOfStrings(Spec::userIds);
        cache.modifyUserGroup(r -> r.userGroupId(change.physicalId())
                .engine(change.touches(Spec::engine) ? change.spec().engine() : null)
                .userIdsToAdd(users.added().isEmpty() ? null : users.added())
                .userIdsToRemove(users.removed().isEmpty() ? null : users.removed()));
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        if ("valkey".equals(spec.engine())
                && spec.userIds() != null
                && spec.userIds().contains("default")) {
            findings.wrong(
                    Spec::userIds,
                    "the user default logs in without a password, which no user of a group of valkey may",
                    "remove default: a group of valkey needs no user of that name");
        }
    }
}
