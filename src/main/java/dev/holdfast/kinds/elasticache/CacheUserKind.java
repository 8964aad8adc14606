package dev.holdfast.kinds.elasticache;

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
import software.amazon.awssdk.services.elasticache.model.Authentication;
import software.amazon.awssdk.services.elasticache.model.AuthenticationType;
import software.amazon.awssdk.services.elasticache.model.CreateUserRequest;
import software.amazon.awssdk.services.elasticache.model.InputAuthenticationType;
import software.amazon.awssdk.services.elasticache.model.ModifyUserRequest;
import software.amazon.awssdk.services.elasticache.model.User;
import software.amazon.awssdk.services.elasticache.model.UserNotFoundException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A user of caches: its authentication and its permissions. A cache admits the users of its user group.
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

            @Doc("The name by which clients log in; clients that give no name are the user default. A user that logs in"
                    + " by IAM has the same name and id.")
            @Required
            @Immutable
            String userName,

            @Doc("The engine: redis or valkey. A user of valkey belongs to groups of valkey only, and has to log in.")
            @Required
            @Offers({"redis", "valkey"})
            String engine,

            @Doc("The permissions of the user, as ACL rules: on ~app::* +@read +@write.") @Required
            String accessString,

            @Doc("The authentication of the user.") @Required
            AuthenticationMode authenticationMode,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            accessString = AccessStrings.normal(accessString);
        }
    }

    /** The authentication of a user. */
    public record AuthenticationMode(
            @Doc("The type of authentication: password, iam or no-password-required.") @Required
            InputAuthenticationType type,

            @Doc("The secret that holds the password: its ARN, or ARN:key:stage:version as in a task definition's"
                    + " valueFrom. If the version is given, a new version of the secret is a new password.")
            @WriteOnly
            @NotSent
            String password,

            @Doc("The secret that holds a second valid password: the former password, while clients switch to the new"
                    + " password.")
            @WriteOnly
            @NotSent
            @Needs("password")
            String secondPassword) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("CacheUser", Spec.class, ElastiCacheClient.class)
                .description(
                        "A user of ElastiCache: its authentication, and its permissions in the caches of its groups.")
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
                .leavesOut("Passwords, NoPasswordRequired", "authenticationMode covers them, and also IAM")
                .fault("UserAlreadyExists", EXISTS)
                .fault("InvalidUserState", CONFLICT)
                // A user named default stays in use until its groups have another user of that name; they change first.
                .fault("DefaultUserAssociatedToUserGroup", DEPENDENCY)
                // The secret or its version is missing; for a missing user, ElastiCache has a separate code.
                .fault("ResourceNotFoundException", DEPENDENCY)
                .fault("UserQuotaExceeded", QUOTA)
                .permissions(Permissions.on("elasticache:{region}:{account}:user:{name}")
                        .readsSecrets("authenticationMode"))
                .page("https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html");
    }

    /** ElastiCache replaces all passwords at once, and requires the type together with the passwords. */
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

    /** ElastiCache reports the type of authentication with other values than a request uses. */
    private static @Nullable AuthenticationMode mode(User user) {
        AuthenticationType type = Values.of(user.authentication(), Authentication::type);
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
                    password ? CacheSecrets.HINT : "remove password and secondPassword");
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
                    "set the type to password or iam");
        }
        if (mode.type() == InputAuthenticationType.IAM
                && findings.known(Spec::userName)
                && !Objects.equals(spec.userName(), spec.userId())) {
            findings.wrong(
                    Spec::userName,
                    "a user that logs in by IAM needs the same userName and userId",
                    "set userName and userId to the same name in lower case");
        }
    }
}
