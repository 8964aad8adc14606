package dev.holdfast.kinds.elasticache;

import dev.holdfast.kind.Unresolved;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The normal form of access strings, as ElastiCache writes them: {@code off +get ~keys*} becomes {@code off ~keys* -@all +get}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/User-Secrets-Manager.html">an answer with an access string</a>
 */
final class AccessStrings {
    /** A rule: a selector in brackets, or a word. */
    private static final Pattern RULE = Pattern.compile("\\([^)]*\\)|\\S+");

    private static final String NOTHING = "-@all";

    private AccessStrings() {}

    /** On or off, then keys, channels, commands and selectors, each group in the order of the text. */
    static @Nullable String normal(@Nullable String text) {
        if (text == null || Unresolved.is(text)) {
            return text;
        }
        String state = "off";
        List<String> keys = new ArrayList<>();
        List<String> channels = new ArrayList<>();
        List<String> commands = new ArrayList<>(List.of(NOTHING));
        List<String> others = new ArrayList<>();
        Matcher rules = RULE.matcher(text);
        while (rules.find()) {
            String rule = spelled(rules.group());
            switch (rule) {
                case "on", "off" -> state = rule;
                case "resetkeys" -> keys.clear();
                case "resetchannels" -> channels.clear();
                case "clearselectors" -> others.clear();
                case "+@all", NOTHING -> {
                    // This rule overrides all earlier rules for commands.
                    commands.clear();
                    commands.add(rule);
                }
                default -> listOf(rule, keys, channels, commands, others).add(rule);
            }
        }
        List<String> all = new ArrayList<>(List.of(state));
        all.addAll(keys);
        all.addAll(channels);
        all.addAll(commands);
        all.addAll(others);
        return String.join(" ", all);
    }

    private static String spelled(String rule) {
        return switch (rule) {
            case "allkeys" -> "~*";
            case "allchannels" -> "&*";
            case "allcommands" -> "+@all";
            case "nocommands" -> NOTHING;
            default -> rule.startsWith("%RW~") ? rule.substring(3) : rule;
        };
    }

    private static List<String> listOf(
            String rule, List<String> keys, List<String> channels, List<String> commands, List<String> others) {
        return switch (rule.charAt(0)) {
            case '~', '%' -> keys;
            case '&' -> channels;
            case '+', '-' -> commands;
            default -> others;
        };
    }
}
