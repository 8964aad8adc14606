package dev.holdfast.twin.store;

import dev.holdfast.twin.store.TwinSessions.Session;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names, ids and ARNs of callers. The same name always has the same id. */
public final class Principals {
    private static final Pattern USER = Pattern.compile("(.+)-\\d{12}");

    private Principals() {}

    /** {@code alice} for {@code alice-123456789012}; {@code twin} if the key is only an account id. */
    public static String userOf(String accessKey) {
        Matcher matcher = USER.matcher(accessKey);
        return matcher.matches() ? matcher.group(1) : accessKey.matches("\\d{12}") ? "twin" : accessKey;
    }

    public static String userArn(String account, String user) {
        return "arn:aws:iam::" + account + ":user/" + user;
    }

    public static String userId(String account, String user) {
        return id("AIDA", account + "/" + user);
    }

    public static String arn(Session session) {
        return "arn:aws:sts::" + session.account() + ":assumed-role/" + session.role() + "/" + session.name();
    }

    public static String roleArn(Session session) {
        return "arn:aws:iam::" + session.account() + ":role" + session.path() + session.role();
    }

    public static String roleId(Session session) {
        return id("AROA", session.account() + "/" + session.role());
    }

    public static String id(Session session) {
        return roleId(session) + ":" + session.name();
    }

    private static String id(String prefix, String of) {
        return prefix + String.format(Locale.ROOT, "%017d", Integer.toUnsignedLong(of.hashCode()));
    }
}
