package dev.holdfast.twin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which account an access key belongs to: the twelve digits that it is or ends with, else a default one. */
final class Callers {
    static final String DEFAULT_ACCOUNT = "123456789012";
    private static final Pattern ACCOUNT = Pattern.compile("(?:.*-)?(\\d{12})");

    private Callers() {}

    static String accountOf(String accessKey) {
        Matcher matcher = ACCOUNT.matcher(accessKey);
        return matcher.matches() ? matcher.group(1) : DEFAULT_ACCOUNT;
    }
}
