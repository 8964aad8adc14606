package dev.holdfast.kinds.route53;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.route53.model.RRType;

/**
 * Converts names and values to one form, because Route 53 accepts and returns them in several forms.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html">Domain name format</a>
 */
final class DnsNames {
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

    private DnsNames() {}

    /**
     * The name in lower case, with a dot at the end, and with octal codes of Route 53's answers replaced by their
     * characters.
     */
    static String canonical(String name) {
        Matcher escape = ESCAPE.matcher(name.toLowerCase(Locale.ROOT));
        StringBuilder text = new StringBuilder();
        while (escape.find()) {
            char c = (char) Integer.parseInt(escape.group(1), 8);
            boolean plain = c > ' ' && c < 127 && c != '.' && c != '\\' && c != '"';
            escape.appendReplacement(
                    text, Matcher.quoteReplacement(plain ? String.valueOf(Character.toLowerCase(c)) : escape.group()));
        }
        escape.appendTail(text);
        return text.isEmpty() || text.charAt(text.length() - 1) == '.'
                ? text.toString()
                : text.append('.').toString();
    }

    /**
     * The canonical value of a record. A name at its end is canonical, and the strings of a TXT record are quoted and
     * cut as AWS requires.
     */
    static String value(RRType type, String value) {
        return switch (type) {
            case CNAME, NS, PTR -> canonical(value.strip());
            case MX, SRV -> {
                String text = value.strip();
                int last = text.lastIndexOf(' ') + 1;
                yield text.substring(0, last) + canonical(text.substring(last));
            }
            case TXT, SPF -> TextStrings.quoted(value);
            default -> value.strip();
        };
    }
}
