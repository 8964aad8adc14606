package dev.holdfast.twin.sts;

import dev.holdfast.twin.store.Principals;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinSessions;
import dev.holdfast.twin.store.TwinSessions.Session;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * The twin of STS. Every role of every account can be assumed, even a missing one: the twin of IAM does not decide who
 * may assume a role.
 */
public final class TwinSts implements StsClient, TwinService {
    private static final Pattern ROLE = Pattern.compile("arn:aws[a-z-]*:iam::(\\d{12}):role(/|/.*/)([^/]+)");
    private static final Pattern SESSION = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final int SHORTEST = 900;
    private static final int LONGEST = 43_200;
    private static final int DEFAULT = 3_600;

    private final TwinContext context;

    public TwinSts(TwinContext context) {
        this.context = context;
    }

    @Override
    public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
        Session session = context.sessions().current();
        GetCallerIdentityResponse.Builder answer = GetCallerIdentityResponse.builder();
        if (session == null) {
            String user =
                    Principals.userOf(TwinSessions.CALLER.isBound() ? TwinSessions.CALLER.get() : context.account());
            return answer.account(context.account())
                    .arn(Principals.userArn(context.account(), user))
                    .userId(Principals.userId(context.account(), user))
                    .build();
        }
        return answer.account(session.account())
                .arn(Principals.arn(session))
                .userId(Principals.id(session))
                .build();
    }

    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
        String role = request.roleArn();
        Matcher matcher = ROLE.matcher(role == null ? "" : role);
        String name = request.roleSessionName();
        int seconds = request.durationSeconds() == null ? DEFAULT : request.durationSeconds();
        if (!matcher.matches()) {
            throw invalid(role, "roleArn", "is invalid");
        }
        if (name == null || !SESSION.matcher(name).matches()) {
            throw invalid(name, "roleSessionName", "must satisfy regular expression pattern: " + SESSION);
        }
        if (seconds < SHORTEST || seconds > LONGEST) {
            throw invalid(
                    Integer.toString(seconds), "durationSeconds", "must be between " + SHORTEST + " and " + LONGEST);
        }
        Session session = new Session(
                matcher.group(1), matcher.group(2), matcher.group(3), name, sourceIdentity(request), context.now());
        String key = "ASIA" + context.hex(16).toUpperCase(Locale.ROOT);
        context.sessions().open(key, session);
        return AssumeRoleResponse.builder()
                .assumedRoleUser(u -> u.arn(Principals.arn(session)).assumedRoleId(Principals.id(session)))
                .credentials(c -> c.accessKeyId(key)
                        .secretAccessKey(context.hex(40))
                        .sessionToken(context.hex(64))
                        .expiration(later(context.now(), Instant.now()).plusSeconds(seconds)))
                .sourceIdentity(session.sourceIdentity())
                .build();
    }

    /** The first source identity stays through a chain of roles. */
    private @Nullable String sourceIdentity(AssumeRoleRequest request) {
        Session from = context.sessions().current();
        String before = from == null ? null : from.sourceIdentity();
        String asked = request.sourceIdentity();
        if (before != null && asked != null && !asked.equals(before)) {
            throw TwinErrors.error(
                    StsException.builder(), 403, "AccessDenied", "The source identity of a session cannot be changed");
        }
        if (asked != null && !SESSION.matcher(asked).matches()) {
            throw invalid(asked, "sourceIdentity", "must satisfy regular expression pattern: " + SESSION);
        }
        return before != null ? before : asked;
    }

    /** Clients compare the expiry of credentials with the real time, which may differ from a driven clock by years. */
    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static AwsServiceException invalid(@Nullable String value, String member, String why) {
        return TwinErrors.refused(StsException.builder(), "ValidationError", TwinErrors.violation(value, member, why));
    }
}
