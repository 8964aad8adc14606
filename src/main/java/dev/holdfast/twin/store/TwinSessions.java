package dev.holdfast.twin.store;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who is behind an access key: the session of an assumed role if STS handed it out; else the account whose twelve
 * digits it is or, after a dash, ends with; else the default account.
 */
public final class TwinSessions {
    public static final String DEFAULT_ACCOUNT = "123456789012";
    public static final ScopedValue<String> CALLER = ScopedValue.newInstance();
    private static final Pattern ACCOUNT = Pattern.compile("(?:.*-)?(\\d{12})");

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    /**
     * One session of an assumed role.
     *
     * @param path of the role: {@code /} or between two of them
     * @param role its name without its path
     * @param sourceIdentity who is behind it, as the first call of a chain said; null if it did not
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

    /** The session of the call that is being carried out; null if it is not one of an assumed role. */
    public @Nullable Session current() {
        return CALLER.isBound() ? sessions.get(CALLER.get()) : null;
    }

    /** The session that an access key stands for; null if it is not one of an assumed role. */
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
