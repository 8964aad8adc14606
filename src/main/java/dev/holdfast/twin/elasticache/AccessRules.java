package dev.holdfast.twin.elasticache;

import static dev.holdfast.twin.store.TwinErrors.invalid;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Access strings as ElastiCache stores them: it returns {@code off +get ~keys*} as {@code off ~keys* -@all +get}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/User-Secrets-Manager.html">the answer of create-user</a>
 */
final class AccessRules {
    /** Requests set passwords with members of their own. */
    private static final Set<String> REFUSED = Set.of("reset", "nopass", "resetpass");

    private AccessRules() {}

    static String written(@Nullable String asked) {
        if (asked == null || asked.isBlank()) {
            throw invalid("Access string is required.");
        }
        List<String> rules = Arrays.stream(asked.strip().split("\\s+"))
                .map(rule -> switch (rule) {
                    case "allkeys" -> "~*";
                    case "allchannels" -> "&*";
                    case "allcommands" -> "+@all";
                    case "nocommands" -> "-@all";
                    default -> rule;
                })
                .toList();
        for (String rule : rules) {
            boolean known = rule.equals("on") || rule.equals("off") || "~%&+-(".indexOf(rule.charAt(0)) >= 0;
            if (REFUSED.contains(rule) || !known) {
                throw invalid("Invalid access string: " + rule);
            }
        }
        String state = rules.contains("on") && rules.lastIndexOf("on") > rules.lastIndexOf("off") ? "on" : "off";
        int all = Math.max(rules.lastIndexOf("+@all"), rules.lastIndexOf("-@all"));
        Stream<String> commands = Stream.concat(
                Stream.of(all < 0 ? "-@all" : rules.get(all)),
                rules.subList(all + 1, rules.size()).stream().filter(AccessRules::isCommand));
        return String.join(
                " ",
                Stream.of(Stream.of(state), of(rules, "~%"), of(rules, "&"), commands, of(rules, "("))
                        .flatMap(part -> part)
                        .toList());
    }

    private static Stream<String> of(List<String> rules, String begin) {
        Predicate<String> kind = rule -> begin.indexOf(rule.charAt(0)) >= 0;
        return rules.stream().filter(kind);
    }

    private static boolean isCommand(String rule) {
        return rule.charAt(0) == '+' || rule.charAt(0) == '-';
    }
}
