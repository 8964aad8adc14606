package dev.holdfast.twin.route53;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * The form and the order of names in answers.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html">Domain name format</a>
 */
final class RecordNames {
    /** The order by labels from the right, then by type, then by set identifier. */
    static final Comparator<ResourceRecordSet> ORDER = Comparator.comparing(
                    ResourceRecordSet::name, Comparator.comparing(RecordNames::reversed))
            .thenComparing(ResourceRecordSet::typeAsString)
            .thenComparing(set -> set.setIdentifier() == null ? "" : set.setIdentifier());

    private RecordNames() {}

    /**
     * The name in lower case, with a dot at the end, and with octal codes for characters other than letters, digits,
     * hyphens and underscores.
     */
    static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        String lower = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (Character.isLetterOrDigit(c) || "-_.\\".indexOf(c) >= 0) {
                shown.append(c);
            } else {
                shown.append('\\').append(String.format("%03o", (int) c));
            }
        }
        return shown.toString().endsWith(".")
                ? shown.toString()
                : shown.append('.').toString();
    }

    /** A text that sorts names by labels from the right; a control character sorts a parent before its children. */
    static String reversed(String name) {
        List<String> labels = Arrays.asList(name.split("\\."));
        Collections.reverse(labels);
        return String.join("\u0001", labels);
    }
}
