package dev.holdfast.twin.route53;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * The form of names in answers, and their order.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html">Domain name format</a>
 */
final class RecordNames {
    /** By the labels from the right, then by type, then by set identifier. */
    static final Comparator<ResourceRecordSet> ORDER = Comparator.comparing(
                    ResourceRecordSet::name, Comparator.comparing(RecordNames::reversed))
            .thenComparing(ResourceRecordSet::typeAsString)
            .thenComparing(set -> set.setIdentifier() == null ? "" : set.setIdentifier());

    private RecordNames() {}

    /** In lower case, with a dot at the end, and with an octal code for what is no letter, digit, hyphen or underscore. */
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

    /** The order of names compares labels from the right; a control character sorts a parent before its children. */
    static String reversed(String name) {
        List<String> labels = Arrays.asList(name.split("\\."));
        Collections.reverse(labels);
        return String.join("\u0001", labels);
    }
}
