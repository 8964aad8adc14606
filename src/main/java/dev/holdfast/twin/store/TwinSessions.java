package dev.holdfast.twin.store;

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

    /** One assumed role, by name without its path. */
    public record Session(String account, String role, String name) {}

    public void open(String accessKey, Session session) {
        sessions.put(accessKey, session);
    }

    /** The session of the call that is being carried out; null if it is not one of an assumed role. */
    public @Nullable Session current() {
        return CALLER.isBound() ? sessions.get(CALLER.get()) : null;
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
