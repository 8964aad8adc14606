package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.Identifiers.lower;
import static dev.holdfast.twin.store.Identifiers.selected;
import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.Identifiers;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TimedWork;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.*;

/**
 * User groups. A redis group has exactly one user with the name default. A valkey group needs no such user, and each of
 * its users must authenticate.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html">Role-based access control</a>
 */
final class CacheUserGroups {
    private final TwinContext context;
    private final CacheUsers users;
    private final ResourceStore<UserGroup, UserGroup.Builder> store;
    private final TimedWork<UserGroup, UserGroup.Builder> work;
    private Function<String, List<String>> caches = group -> List.of();
    private Consumer<String> changed = group -> {};
    private Function<String, List<String>> serverless = group -> List.of();

    CacheUserGroups(TwinContext context, CacheUsers users) {
        this.context = context;
        this.users = users;
        this.store = context.store(UserGroup::builder, UserGroup::userGroupId)
                .type("elasticache:usergroup")
                .arn(UserGroup::arn)
                .missing(id -> error(404, "UserGroupNotFound", "User group " + id + " not found."))
                .pages(100)
                .tagRules(TwinElastiCache.TAG_RULES)
                .shows((group, shown) -> shown.replicationGroups(caches.apply(group.id()))
                        .serverlessCaches(serverless.apply(group.id())));
        this.work = new TimedWork<>(context, store, UserGroup.Builder::status, this::end);
    }

    /**
     * @param names returns the replication groups that have the user group with this id
     * @param changes is notified when the users of a group change
     */
    void usedBy(Function<String, List<String>> names, Consumer<String> changes) {
        caches = names;
        changed = changes;
    }

    /** @param names returns the serverless caches that have the user group with this id */
    void usedByServerless(Function<String, List<String>> names) {
        serverless = names;
    }

    List<TwinItem> items() {
        return work.items();
    }

    StoredResource<UserGroup> seen(@Nullable String id) {
        return work.seen(id);
    }

    /** Throws unless a cache of this engine can use the group at present. */
    void usable(String id, String engine) {
        UserGroup group = active(id);
        if (group.engine().equals("valkey") && !engine.equals("valkey")) {
            throw combination("User group " + id + " of the engine valkey can only be used by caches of valkey.");
        }
    }

    private UserGroup active(String id) {
        UserGroup group = seen(id).shape();
        if (!group.status().equals("active")) {
            throw refused(
                    "InvalidUserGroupState",
                    "User group " + id + " has status " + group.status()
                            + ". Only active user groups can be modified.");
        }
        return group;
    }

    /** The groups that contain a user. */
    List<String> having(String user) {
        return work.stream()
                .filter(group -> group.userIds().contains(user))
                .map(UserGroup::userGroupId)
                .toList();
    }

    boolean needDefault(List<String> ids) {
        return ids.stream().anyMatch(id -> store.need(id).engine().equals("redis"));
    }

    DescribeUserGroupsResponse page(DescribeUserGroupsRequest r) {
        work.settle();
        return store.page(r, DescribeUserGroupsResponse.builder(), store.visible(selected(r.userGroupId())));
    }

    CreateUserGroupResponse create(CreateUserGroupRequest r) {
        work.settle();
        String id = lower(r.userGroupId());
        if (store.has(id)) {
            throw refused("UserGroupAlreadyExists", "User group " + id + " already exists.");
        }
        Identifiers.check("UserGroupId", id, Integer.MAX_VALUE);
        String engine = CacheUsers.engine(r.engine());
        refuse(engine, members(r.userIds()));
        UserGroup made = store.create(
                r,
                g -> g.userGroupId(id)
                        .engine(engine)
                        .status("creating")
                        .minimumEngineVersion(engine.equals("valkey") ? "7.2" : "6.0")
                        .userIds(new TreeSet<>(r.userIds()))
                        .arn(context.arn("elasticache", "usergroup:" + id)));
        work.run(id, "creating", Delay.CACHE_USER);
        return SdkShapes.copy(store.shown(made), CreateUserGroupResponse.builder())
                .build();
    }

    private List<User> members(Collection<String> ids) {
        return ids.stream().map(users::active).toList();
    }

    private static void refuse(String engine, Collection<User> users) {
        List<String> names = users.stream().map(User::userName).toList();
        if (new TreeSet<>(names).size() != names.size()) {
            throw refused("DuplicateUserName", "The users " + names + " must have different user names.");
        }
        for (User user : users) {
            if (engine.equals("redis") && user.engine().equals("valkey")) {
                throw combination("User " + user.userId() + " of valkey cannot be in a user group of redis.");
            }
            if (engine.equals("valkey") && user.authentication().type() == AuthenticationType.NO_PASSWORD) {
                throw combination("User " + user.userId() + " without authentication cannot be in a group of valkey.");
            }
        }
        if (engine.equals("redis") && !names.contains(CacheUsers.DEFAULT)) {
            throw refused("DefaultUserRequired", "You must add a user with the user name default to a user group.");
        }
    }

    /** Throws if one of the user's groups does not allow the changed user. */
    void refuseChanged(User changed) {
        for (String id : having(changed.userId())) {
            UserGroup group = active(id);
            List<User> all = new ArrayList<>(List.of(changed));
            group.userIds().stream()
                    .filter(user -> !user.equals(changed.userId()))
                    .forEach(user -> all.add(users.seen(user).shape()));
            refuse(group.engine(), all);
        }
    }

    ModifyUserGroupResponse modify(ModifyUserGroupRequest r) {
        String id = lower(r.userGroupId());
        UserGroup old = active(id);
        String engine = r.engine() == null ? old.engine() : CacheUsers.engine(r.engine());
        TreeSet<String> members = new TreeSet<>(old.userIds());
        for (String user : r.userIdsToRemove()) {
            if (!members.remove(user)) {
                throw invalid("User " + user + " is not a member of user group " + id + ".");
            }
        }
        for (String user : r.userIdsToAdd()) {
            if (!members.add(user)) {
                throw invalid("User " + user + " is already a member of user group " + id + ".");
            }
        }
        refuse(engine, members(members));
        if (engine.equals("valkey") && !old.engine().equals("valkey")) {
            used(id);
        }
        store.change(
                id,
                g -> g.engine(engine)
                        .pendingChanges(p -> p.userIdsToAdd(r.userIdsToAdd()).userIdsToRemove(r.userIdsToRemove())));
        work.run(id, "modifying", Delay.CACHE_USER);
        changed.accept(id);
        return SdkShapes.copy(store.shown(id), ModifyUserGroupResponse.builder())
                .build();
    }

    DeleteUserGroupResponse delete(DeleteUserGroupRequest r) {
        String id = lower(r.userGroupId());
        active(id);
        used(id);
        work.run(id, "deleting", Delay.CACHE_USER);
        return SdkShapes.copy(store.shown(id), DeleteUserGroupResponse.builder())
                .build();
    }

    private void used(String id) {
        List<String> using = new ArrayList<>(caches.apply(id));
        using.addAll(serverless.apply(id));
        if (!using.isEmpty()) {
            throw refused(
                    "InvalidUserGroupState",
                    "User group " + id + " is associated with " + using + " and cannot be deleted.");
        }
    }

    /** ElastiCache removes a deleted user from its groups. */
    void leave(List<String> ids, String user) {
        for (String id : ids) {
            List<String> rest = store.need(id).userIds().stream()
                    .filter(member -> !member.equals(user))
                    .toList();
            store.change(id, g -> g.userIds(rest));
        }
        work(ids);
    }

    /** A change of a user modifies each of its groups for a while. */
    void work(List<String> ids) {
        for (String id : ids) {
            work.run(id, "modifying", Delay.CACHE_USER);
            changed.accept(id);
        }
    }

    private void end(TimedWork.Ended ended) {
        if (ended.on().equals("deleting")) {
            store.remove(ended.name());
            return;
        }
        UserGroup group = store.need(ended.name());
        TreeSet<String> members = new TreeSet<>(group.userIds());
        if (group.pendingChanges() != null) {
            members.addAll(group.pendingChanges().userIdsToAdd());
            members.removeAll(group.pendingChanges().userIdsToRemove());
        }
        store.change(
                ended.name(), g -> g.status("active").userIds(members).pendingChanges((UserGroupPendingChanges) null));
    }
}
