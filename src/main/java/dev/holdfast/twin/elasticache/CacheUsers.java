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
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.model.*;

/**
 * The users of caches. A change of a user takes a while. Until its end, ElastiCache refuses other changes of the user
 * and its groups.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html">Role-based access control</a>
 */
final class CacheUsers {
    /** The user name default, and the id of ElastiCache's own user with this name. */
    static final String DEFAULT = "default";

    private static final String PASSWORDS = "passwords";

    private final TwinContext context;
    private final ResourceStore<User, User.Builder> store;
    private final TimedWork<User, User.Builder> work;
    private final CacheUserGroups groups;

    CacheUsers(TwinContext context) {
        this.context = context;
        this.store = context.store(User::builder, User::userId)
                .type("elasticache:user")
                .arn(User::arn)
                .missing(id -> error(404, "UserNotFound", "User " + id + " not found."))
                .pages(100)
                .tagRules(TwinElastiCache.TAG_RULES)
                .shows((user, shown) -> shown.userGroupIds(groupsOf(user.id())));
        this.work = new TimedWork<>(context, store, User.Builder::status, this::end);
        this.groups = new CacheUserGroups(context, this);
        store.put(User.builder()
                .userId(DEFAULT)
                .userName(DEFAULT)
                .engine("redis")
                .status("active")
                .minimumEngineVersion("6.0")
                .accessString("on ~* +@all")
                .authentication(a -> a.type(AuthenticationType.NO_PASSWORD))
                .arn(context.arn("elasticache", "user:" + DEFAULT))
                .build());
    }

    private List<String> groupsOf(String user) {
        return groups.having(user);
    }

    CacheUserGroups groups() {
        return groups;
    }

    /** The users, without ElastiCache's own ones. */
    List<TwinItem> items() {
        return work.items().stream()
                .filter(item -> !item.arn().endsWith(":user:" + DEFAULT))
                .toList();
    }

    StoredResource<User> seen(@Nullable String id) {
        return work.seen(id);
    }

    /** The user, if a group can add it at present. */
    User active(String id) {
        User user = seen(id).shape();
        if (!user.status().equals("active")) {
            throw refused(
                    "InvalidUserState",
                    "User " + id + " has status " + user.status() + ". Only active users can be modified.");
        }
        return user;
    }

    DescribeUsersResponse page(DescribeUsersRequest r) {
        work.settle();
        Stream<User> all = store.visible(selected(r.userId()))
                .filter(u -> r.engine() == null || lower(r.engine()).equals(u.engine()))
                .filter(u -> r.filters().stream().allMatch(f -> matches(f, u)));
        return store.page(r, DescribeUsersResponse.builder(), all);
    }

    private static boolean matches(Filter filter, User user) {
        return switch (filter.name()) {
            case "user-id" -> filter.values().contains(user.userId());
            case "user-name" -> filter.values().contains(user.userName());
            default -> throw invalid("Invalid filter name: " + filter.name());
        };
    }

    CreateUserResponse create(CreateUserRequest r) {
        work.settle();
        String id = lower(r.userId());
        if (store.has(id)) {
            throw refused("UserAlreadyExists", "User " + id + " already exists.");
        }
        Identifiers.check("UserId", id, Integer.MAX_VALUE);
        String engine = engine(r.engine());
        Login login = Login.of(r.authenticationMode(), r.noPasswordRequired(), r.passwords());
        if (login == null) {
            throw combination("Provide either passwords, noPasswordRequired or an authentication mode.");
        }
        login.refuse(id, r.userName(), engine);
        User made = store.create(
                r,
                u -> u.userId(id)
                        .engine(engine)
                        .status("active")
                        .minimumEngineVersion(engine.equals("valkey") ? "7.2" : "6.0")
                        .accessString(AccessRules.written(r.accessString()))
                        .authentication(login.shown())
                        .arn(context.arn("elasticache", "user:" + id)));
        remember(id, login);
        return SdkShapes.copy(store.shown(made), CreateUserResponse.builder()).build();
    }

    private void remember(String id, Login login) {
        store.stored(id).attributes().put(PASSWORDS, login.hash() + " since " + context.now());
    }

    static String engine(@Nullable String asked) {
        String engine = lower(asked);
        if (!engine.equals("redis") && !engine.equals("valkey")) {
            throw invalid("Invalid engine: " + asked + ". The options are valkey or redis.");
        }
        return engine;
    }

    ModifyUserResponse modify(ModifyUserRequest r) {
        String id = lower(r.userId());
        refuseDefault(id, "modified");
        User old = active(id);
        String engine = r.engine() == null ? old.engine() : engine(r.engine());
        Login login = Login.of(r.authenticationMode(), r.noPasswordRequired(), r.passwords());
        if (login != null) {
            login.refuse(id, old.userName(), engine);
        } else if (engine.equals("valkey") && old.authentication().type() == AuthenticationType.NO_PASSWORD) {
            throw combination("A user of the engine valkey must use a password or IAM.");
        }
        if (r.accessString() != null && r.appendAccessString() != null) {
            throw combination("Provide either an access string or one to append.");
        }
        String access = r.accessString() != null
                ? AccessRules.written(r.accessString())
                : r.appendAccessString() != null
                        ? AccessRules.written(old.accessString() + " " + r.appendAccessString())
                        : old.accessString();
        User changed = old.toBuilder()
                .engine(engine)
                .accessString(access)
                .authentication(login == null ? old.authentication() : login.shown())
                .build();
        groups.refuseChanged(changed);
        store.put(changed);
        if (login != null) {
            remember(id, login);
        }
        work.run(id, "modifying", Delay.CACHE_USER);
        groups.work(groups.having(id));
        return SdkShapes.copy(store.shown(id), ModifyUserResponse.builder()).build();
    }

    private static void refuseDefault(String id, String verb) {
        if (id.equals(DEFAULT)) {
            throw invalid("The default user cannot be " + verb + ".");
        }
    }

    /** ElastiCache removes the deleted user from its groups. */
    DeleteUserResponse delete(DeleteUserRequest r) {
        String id = lower(r.userId());
        refuseDefault(id, "deleted");
        User user = active(id);
        List<String> having = groups.having(id);
        if (user.userName().equals(DEFAULT) && groups.needDefault(having)) {
            throw refused(
                    "DefaultUserAssociatedToUserGroup",
                    "User " + id + " with the user name default is associated with user groups " + having);
        }
        work.run(id, "deleting", Delay.CACHE_USER);
        groups.leave(having, id);
        return SdkShapes.copy(store.shown(id), DeleteUserResponse.builder()).build();
    }

    private void end(TimedWork.Ended ended) {
        if (ended.on().equals("deleting")) {
            store.remove(ended.name());
        } else {
            store.change(ended.name(), u -> u.status("active"));
        }
    }

    /**
     * The authentication that a request sets for a user.
     *
     * @param passwords empty for a type without passwords
     */
    private record Login(AuthenticationType type, List<String> passwords) {
        /** @return null if the request does not set the authentication */
        static @Nullable Login of(
                @Nullable AuthenticationMode mode, @Nullable Boolean noPassword, List<String> passwords) {
            int given =
                    (mode == null ? 0 : 1) + (Boolean.TRUE.equals(noPassword) ? 1 : 0) + (passwords.isEmpty() ? 0 : 1);
            if (given > 1) {
                throw combination("Provide only one of passwords, noPasswordRequired and an authentication mode.");
            }
            if (mode != null) {
                return new Login(type(mode), mode.passwords());
            }
            if (Boolean.TRUE.equals(noPassword)) {
                return new Login(AuthenticationType.NO_PASSWORD, List.of());
            }
            return passwords.isEmpty() ? null : new Login(AuthenticationType.PASSWORD, passwords);
        }

        private static AuthenticationType type(AuthenticationMode mode) {
            return switch (Objects.requireNonNullElse(mode.type(), InputAuthenticationType.UNKNOWN_TO_SDK_VERSION)) {
                case PASSWORD -> AuthenticationType.PASSWORD;
                case IAM -> AuthenticationType.IAM;
                case NO_PASSWORD_REQUIRED -> AuthenticationType.NO_PASSWORD;
                case UNKNOWN_TO_SDK_VERSION -> throw invalid("Invalid authentication type.");
            };
        }

        /** Passwords have 16 to 128 printable characters, without commas, quotation marks, slashes and at signs. */
        void refuse(String id, String name, String engine) {
            if ((type == AuthenticationType.PASSWORD) == passwords.isEmpty() || passwords.size() > 2) {
                throw combination("A user with the type password has one or two passwords, and no other user has any.");
            }
            if (!passwords.stream().allMatch(p -> p.matches("[\\x21-\\x7e&&[^,\"/@]]{16,128}"))) {
                throw invalid("Invalid password: 16 to 128 printable characters.");
            }
            if (type == AuthenticationType.IAM && !id.equals(name)) {
                throw invalid("User id and user name must be identical for a user with IAM authentication.");
            }
            if (type == AuthenticationType.NO_PASSWORD && engine.equals("valkey")) {
                throw combination("A user of the engine valkey must use a password or IAM.");
            }
        }

        Authentication shown() {
            return Authentication.builder()
                    .type(type)
                    .passwordCount(passwords.isEmpty() ? null : passwords.size())
                    .build();
        }

        String hash() {
            return passwords.stream().map(ReplicationGroupRules::hash).toList().toString();
        }
    }
}
