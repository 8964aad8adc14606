package dev.holdfast.twin.store;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identity behind an access key. A key that STS issued belongs to a session of an assumed role. Any other key
 * belongs to the account whose twelve digits it is or, after a dash, ends with; otherwise to the default account.
 */
public final class TwinSessions {
    public static final String DEFAULT_ACCOUNT = "123456789012";
    public static final ScopedValue<String> CALLER = ScopedValue.newInstance();
    private static final Pattern ACCOUNT = Pattern.compile("(?:.*-)?(\\d{12})");

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    /**
     * One session of an assumed role.
     *
     * @param path the path of the role: {@code /} or a text between two slashes
     * @param role the name of the role without its path
     * @param sourceIdentity the identity that the first call of a chain of roles has set; null if it set none
     */
    public record Session(
            String account,
            String path,
            String role,
            String name,
            @Nullable String sourceIdentity,
            Instant since) {}

    public void open(String accessKey, Session session) {
        sessions.put(accessKey, session);
    }

    /** The session of the call that is in progress; null if the caller has not assumed a role. */
    public @Nullable Session current() {
        return CALLER.isBound() ? sessions.get(CALLER.get()) : null;
    }

    /** The session that an access key stands for; null if the key belongs to no assumed role. */
    public @Nullable Session of(String accessKey) {
        return sessions.get(accessKey);
    }

    public String accountOf(String accessKey) {
        Session session = sessions.get(accessKey);
        if (session != null) {
            return session.account();
        }
        Matcher matcher = ACCOUNT.matcher(accessKey);
        return matcher.matches() ? matcher.group(1) : DEFAULT_ACCOUNT;
    }
}
