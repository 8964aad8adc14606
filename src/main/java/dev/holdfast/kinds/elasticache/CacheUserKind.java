package dev.holdfast.kinds.elasticache;

import static dev.holdfast.kind.OwnershipForm.TAG;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.AuthenticationType;
import software.amazon.awssdk.services.elasticache.model.CreateUserRequest;
import software.amazon.awssdk.services.elasticache.model.InputAuthenticationType;
import software.amazon.awssdk.services.elasticache.model.ModifyUserRequest;
import software.amazon.awssdk.services.elasticache.model.User;
import software.amazon.awssdk.services.elasticache.model.UserNotFoundException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A user of caches: how it logs in, and what it may do. User groups give it to caches.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html">Role-based access control</a>
 */
@Singleton
public final class CacheUserKind extends DeclaredKind<CacheUserKind.Spec> {
    private static final int PAGE = 100;

    /** @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html">CreateUser</a> */
    public record Spec(
            @Doc("The id, in lower case.") @PhysicalName(max = 40, lower = true, letterFirst = true)
            String userId,

            @Doc("The name by which clients log in; default is who does not say one. A user that logs in by IAM has the"
                    + " same name and id.")
            @Required
            @Immutable
            String userName,

            @Doc("The engine: redis or valkey. A user of valkey belongs to groups of valkey only, and has to log in.")
            @Required
            @Offers({"redis", "valkey"})
            String engine,

            @Doc("What the user may do, as a list of ACL rules: on ~app::* +@read +@write.") @Required
            String accessString,

            @Doc("How the user logs in.") @Required AuthenticationMode authenticationMode,
            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            accessString = AccessStrings.normal(accessString);
        }
    }

    /** How a user logs in. */
    public record AuthenticationMode(
            @Doc("password, iam or no-password-required.") @Required
            InputAuthenticationType type,

            @Doc("The secret that holds the password: its ARN, or ARN:key:stage:version as in a task definition's"
                    + " valueFrom. With the version, a new version of the secret is a new password.")
            @WriteOnly
            @NotSent
            String password,

            @Doc("The secret that holds a second password, which is good as well: the former one, while clients change"
                    + " over.")
            @WriteOnly
            @NotSent
            @Needs("password")
            String secondPassword) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "CacheUser",
                        Spec.class,
                        ElastiCacheClient.class,
                        TAG,
                        "A user of ElastiCache: how it logs in, and what it may do in the caches of its groups.")
                .lists(
                        cache -> cache.describeUsersPaginator(r -> r.maxRecords(PAGE))
                                .users(),
                        PointRead.of(
                                (cache, id) ->
                                        cache.describeUsers(r -> r.userId(id)).users(),
                                UserNotFoundException.class))
                .named(User::userId)
                .arn(User::arn)
                .tags(CacheTags.indexed("user"))
                .reads(Spec::authenticationMode, CacheUserKind::mode)
                .createsNamed(
                        CreateUserRequest::builder,
                        (request, desired) -> request.authenticationMode(input(
                                desired.client(SecretsManagerClient.class),
                                Objects.requireNonNull(desired.spec().authenticationMode()))),
                        ElastiCacheClient::createUser)
                .patches(ModifyUserRequest::builder, null, CacheUserKind::beside, ElastiCacheClient::modifyUser)
                .deletes((cache, id) -> cache.deleteUser(r -> r.userId(id)))
                .state((known, user) ->
                        known.phase(CacheStatus.phase(user.status())).health(CacheStatus.health(user.status())))
                .output("id", "Its id.", User::userId)
                .output("userName", "The name by which clients log in.", User::userName)
                .output("arn", "Its ARN.", User::arn)
                .leavesOut("Passwords, NoPasswordRequired", "authenticationMode says the same, and IAM besides")
                .fault("UserAlreadyExists", EXISTS)
                .fault("InvalidUserState", CONFLICT)
                // The groups are changed first; a user named default is in use as long as its groups have no other.
                .fault("DefaultUserAssociatedToUserGroup", DEPENDENCY)
                // The secret or its version: a missing user has a code of its own.
                .fault("ResourceNotFoundException", DEPENDENCY)
                .fault("UserQuotaExceeded", QUOTA)
                .permissions(Permissions.on("elasticache:{region}:{account}:user:{name}")
                        .readsSecrets("authenticationMode"))
                .page("https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html");
    }

    /** Passwords are replaced as a whole, and a type goes with its passwords. */
    private static void beside(ModifyUserRequest.Builder request, Change<Spec> change) {
        if (change.touches(Spec::authenticationMode)) {
            request.authenticationMode(input(
                    change.client(SecretsManagerClient.class),
                    Objects.requireNonNull(change.spec().authenticationMode())));
        }
    }

    private static software.amazon.awssdk.services.elasticache.model.AuthenticationMode input(
            SecretsManagerClient secrets, AuthenticationMode mode) {
        List<String> passwords = Stream.of(mode.password(), mode.secondPassword())
                .filter(Objects::nonNull)
                .map(name -> CacheSecrets.read(secrets, name))
                .toList();
        return software.amazon.awssdk.services.elasticache.model.AuthenticationMode.builder()
                .type(mode.type())
                .passwords(passwords.isEmpty() ? null : passwords)
                .build();
    }

    /** ElastiCache says how the user logs in, in other words than it is told. */
    private static @Nullable AuthenticationMode mode(User user) {
        AuthenticationType type =
                user.authentication() == null ? null : user.authentication().type();
        if (type == null) {
            return null;
        }
        return switch (type) {
            case PASSWORD -> mode(InputAuthenticationType.PASSWORD);
            case IAM -> mode(InputAuthenticationType.IAM);
            case NO_PASSWORD -> mode(InputAuthenticationType.NO_PASSWORD_REQUIRED);
            case UNKNOWN_TO_SDK_VERSION -> mode(InputAuthenticationType.UNKNOWN_TO_SDK_VERSION);
        };
    }

    private static AuthenticationMode mode(InputAuthenticationType type) {
        return new AuthenticationMode(type, null, null);
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        AuthenticationMode mode = spec.authenticationMode();
        if (mode == null || mode.type() == null) {
            return;
        }
        boolean password = mode.type() == InputAuthenticationType.PASSWORD;
        if (password != (mode.password() != null)) {
            findings.wrong(
                    Spec::authenticationMode,
                    password ? "the type password needs a password" : "only the type password has passwords",
                    password ? CacheSecrets.HINT : "leave password and secondPassword out");
        }
        if (!CacheSecrets.isName(mode.password()) || !CacheSecrets.isName(mode.secondPassword())) {
            findings.wrong(
                    Spec::authenticationMode,
                    "expected the names of secrets as passwords, found another text",
                    CacheSecrets.HINT);
        }
        if (mode.type() == InputAuthenticationType.NO_PASSWORD_REQUIRED && "valkey".equals(spec.engine())) {
            findings.wrong(
                    Spec::authenticationMode,
                    "a user of valkey has to log in, found no-password-required",
                    "give it a password, or the type iam");
        }
        if (mode.type() == InputAuthenticationType.IAM
                && findings.known(Spec::userName)
                && !Objects.equals(spec.userName(), spec.userId())) {
            findings.wrong(
                    Spec::userName,
                    "a user that logs in by IAM needs the same userName and userId",
                    "say both, in lower case");
        }
    }
}
