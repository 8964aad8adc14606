package dev.holdfast.aws;

import java.util.regex.Pattern;

/** The names that a key of KMS goes by: its ARN, its id, its aliases and their ARNs. */
public final class KmsKeys {
    /** @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id">key identifiers</a> */
    private static final Pattern ARN = Pattern.compile("arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:key/\\S+");

    /** The way out where {@link #isArn} is wanted and something else is given. */
    public static final String HINT = "aws kms describe-key --key-id … --query KeyMetadata.Arn prints it";

    private KmsKeys() {}

    /** Whether it is the ARN of a key: neither an id, nor an alias, which can be moved to another key. */
    public static boolean isArn(String key) {
        return ARN.matcher(key).matches();
    }
}
