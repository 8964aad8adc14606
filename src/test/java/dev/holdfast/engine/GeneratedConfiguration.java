package dev.holdfast.engine;

import java.util.regex.Pattern;

/**
 * The configuration that Terraform generates from import blocks, without the parts that its own AWS provider rejects:
 * zeros and empty strings for members that AWS does not return, pairs of arguments that exclude each other, and the
 * derived {@code tags_all}. No value that AWS returns is removed.
 *
 * @see <a href="https://developer.hashicorp.com/terraform/language/import/generating-configuration">Generating
 *     configuration</a>
 */
final class GeneratedConfiguration {
    private static final Pattern DERIVED_TAGS = Pattern.compile("\\n  tags_all = \\{\\n(?:    .*\\n)*?  }");
    private static final Pattern OBJECTS = Pattern.compile("= \\[\\{\\n.*?\\n  }]", Pattern.DOTALL);
    private static final Pattern EMPTY = Pattern.compile("\\n *\\w+ *= (?:null|\"\")(?=\\n)");
    private static final Pattern ZERO = Pattern.compile("\\n *(?:order|datapoints_to_alarm|enable_lni_at_device_index"
            + "|map_customer_owned_ip_on_launch|ipv6_netmask_length|period) *= (?:0|false)(?=\\n)");
    private static final Pattern EXCLUDED = Pattern.compile("\\n  (?:availability_zone_id|secondary_allocation_ids"
            + "|secondary_private_ip_addresses|secondary_private_ip_address_count|subnet_mapping|dimensions)"
            + " *= (?:0|\\{}|\\[]|\".*\")(?=\\n)");
    private static final Pattern BLOCKS = Pattern.compile("\\n  (?:subnet_mapping|access_logs|connection_logs"
            + "|target_failover|target_health_state) \\{\\n(?:    .*\\n)*?  }");
    private static final Pattern STICKINESS_OFF =
            Pattern.compile("\\n +stickiness \\{\\n +duration += 0\\n +enabled +.*\\n +}");
    /** A placeholder for null in the objects of a list, which need all their members. */
    private static final String KEPT = "NULL";

    private GeneratedConfiguration() {}

    static String mended(String generated) {
        String text = DERIVED_TAGS.matcher(generated).replaceAll("");
        text = OBJECTS.matcher(text)
                .replaceAll(list -> list.group().replace("= \"\"", "= " + KEPT).replace("= null", "= " + KEPT));
        for (Pattern refused : new Pattern[] {EMPTY, ZERO, EXCLUDED, BLOCKS, STICKINESS_OFF}) {
            text = refused.matcher(text).replaceAll("");
        }
        return text.replace("= " + KEPT, "= null");
    }
}
